/*
 * Removals, renamings and settings on their way to the disk. They are few, so they wait for each
 * other and for creates, never the other way round: a create costs nothing for them, and whether a
 * change can be stored is decided in one place, changes_take(), against the index and nothing else.
 * That makes the outcome the same as if all changes had been stored one after the other.
 *
 * A create begun while a name is being given to somebody else goes on; it is taken off its queue,
 * and told who has the name, when the renaming is stored (group_commit.c).
 */
#include "store/flat_file/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/scratch.h"
#include "store/flat_file/header.h"
#include "store/flat_file/setting_text.h"
#include "store/history.h"
#include "store/index/name_holder.h"
#include "store/names/name_key.h"

/* So that comparing each with each other is nothing beside the append. */
#define BATCH_MOST 128

struct changes {
	struct user_index *users;
	struct lookalikes *lookalikes;
	struct kept_sheet *sheet;
	struct change_batch queue;
	size_t count;
	struct history history;
};

struct changes *changes_open(
	struct user_index *users, struct lookalikes *lookalikes, struct kept_sheet *sheet)
{
	struct changes *changes = memory_zeroed(sizeof(*changes));

	changes->users = users;
	changes->lookalikes = lookalikes;
	changes->sheet = sheet;
	TAILQ_INIT(&changes->queue);
	history_begin(&changes->history);
	return changes;
}

void changes_close(struct changes *changes)
{
	free(changes);
}

size_t changes_count(const struct changes *changes)
{
	return changes->count;
}

bool changes_wait(const struct changes *changes)
{
	return !TAILQ_EMPTY(&changes->queue);
}

enum result changes_check_name(const struct changes *changes, uint64_t number,
	const struct username *username, struct user *holder)
{
	return name_holder_find(changes->users, changes->lookalikes, username, number, holder);
}

static struct change *add_change(struct changes *changes, enum operation operation, uint64_t number,
	store_outcome_cb *told, void *argument)
{
	struct change *change = memory_zeroed(sizeof(*change));

	change->job.is_change = true;
	change->operation = operation;
	change->number = number;
	change->told = told;
	change->argument = argument;
	TAILQ_INSERT_TAIL(&changes->queue, change, next);
	changes->count++;
	return change;
}

struct store_job *changes_add(struct changes *changes, enum operation operation, uint64_t number,
	const struct username *username, store_outcome_cb *told, void *argument)
{
	struct change *change = add_change(changes, operation, number, told, argument);

	if (username != NULL) {
		change->username = memory_resized(NULL, 1, sizeof(*change->username));
		*change->username = *username;
	}
	return &change->job;
}

enum result changes_add_sheet(struct changes *changes, const struct sheet_settings *settings,
	store_outcome_cb *told, void *argument, struct store_job **job)
{
	struct kept_sheet *sheet = memory_zeroed(sizeof(*sheet));

	kept_sheet_begin(sheet);
	enum result result = kept_sheet_copy(sheet, settings);
	if (result != RESULT_OK) {
		free(sheet);
		return result;
	}
	struct change *change = add_change(changes, OPERATION_SET, 0, told, argument);
	change->sheet = sheet;
	*job = &change->job;
	return RESULT_OK;
}

static void free_change(struct changes *changes, struct change *change)
{
	changes->count--;
	free(change->username);
	free(change->sheet);
	free(change);
}

void changes_cancel(struct changes *changes, struct change *change)
{
	change->told = NULL;
	if (change->is_taken)
		return;
	TAILQ_REMOVE(&changes->queue, change, next);
	free_change(changes, change);
}

static bool is_of_batch(const struct change_batch *batch, uint64_t number)
{
	const struct change *change;

	TAILQ_FOREACH (change, batch, next) {
		if (change->number == number)
			return true;
	}
	return false;
}

static bool is_same_name(const struct username *a, const struct username *b)
{
	return (a->key_length == b->key_length && memcmp(a->key, b->key, a->key_length) == 0) ||
	       lookalike_is_pair(a->text, a->length, b->text, b->length);
}

/* Whether another user of the batch is being given that name, or one that looks like it. */
static bool is_given(const struct change_batch *batch, const struct username *username)
{
	const struct change *change;

	TAILQ_FOREACH (change, batch, next) {
		if (change->username != NULL && is_same_name(change->username, username))
			return true;
	}
	return false;
}

/* RESULT_BUSY: it has to wait for what is in the batch, or for a create. */
static enum result check_renaming(const struct changes *changes, struct pending *pending,
	const struct change_batch *batch, struct change *change)
{
	struct user holder = {0};
	enum result result = changes_check_name(changes, change->number, change->username, &holder);

	if (result != RESULT_OK) {
		change->user = holder;
		return is_of_batch(batch, holder.number) ? RESULT_BUSY : result;
	}
	return is_given(batch, change->username) || pending_has_like(pending, change->username)
		       ? RESULT_BUSY
		       : RESULT_OK;
}

static enum result check_change(const struct changes *changes, struct pending *pending,
	const struct change_batch *batch, struct change *change)
{
	struct user user;

	if (is_of_batch(batch, change->number))
		return RESULT_BUSY;
	if (change->operation == OPERATION_SET)
		return kept_sheet_is_other(changes->sheet, &change->sheet->settings)
			       ? RESULT_CHANGED
			       : RESULT_OK;
	if (!user_index_user(changes->users, change->number, &user))
		return RESULT_MISSING;
	enum result result = change->operation == OPERATION_RENAMED
				     ? check_renaming(changes, pending, batch, change)
				     : RESULT_OK;
	if (change->operation == OPERATION_RENAMED &&
		user_is_called(&user, change->username->text, change->username->length))
		result = RESULT_UNCHANGED;
	if (result == RESULT_OK || result == RESULT_UNCHANGED) {
		if (change->operation == OPERATION_RENAMED) {
			user.name = change->username->text;
			user.name_length = change->username->length;
		}
		change->user = user;
		change->user.name = memcpy(change->name, user.name, user.name_length);
	}
	return result;
}

static void take(struct changes *changes, struct change *change, enum result result,
	struct change_batch *batch)
{
	change->is_taken = true;
	change->result = result;
	TAILQ_REMOVE(&changes->queue, change, next);
	TAILQ_INSERT_TAIL(batch, change, next);
}

void changes_take(struct changes *changes, struct pending *pending, struct change_batch *batch,
	struct change_batch *refused)
{
	struct change *change;

	for (size_t i = 0; i < BATCH_MOST && (change = TAILQ_FIRST(&changes->queue)) != NULL; i++) {
		enum result result = check_change(changes, pending, batch, change);
		if (result == RESULT_BUSY)
			return;
		take(changes, change, result, result == RESULT_OK ? batch : refused);
	}
}

void changes_refuse(struct changes *changes, enum result result, struct change_batch *refused)
{
	struct change *change;

	while ((change = TAILQ_FIRST(&changes->queue)) != NULL)
		take(changes, change, result, refused);
}

static void append_change(struct buffer *lines, const struct change *change, int64_t now)
{
	struct record record = record_of_user(&change->user);

	record.operation = change->operation;
	record.time = now;
	record_append(lines, &record);
}

unsigned changes_write(const struct change_batch *batch, int64_t now, struct buffer *lines)
{
	const struct change *change;
	unsigned version = HEADER_VERSION_FIRST;

	TAILQ_FOREACH (change, batch, next) {
		if (change->operation == OPERATION_SET)
			setting_text_append(lines, &change->sheet->settings, now);
		else
			append_change(lines, change, now);
		if (record_version(change->operation) > version)
			version = record_version(change->operation);
	}
	return version;
}

static void apply(struct changes *changes, const struct change *change)
{
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length;
	struct user user;

	if (!user_index_user(changes->users, change->number, &user) ||
		name_key_fold(user.name, user.name_length, key, &key_length) != RESULT_OK)
		return;
	history_add(&changes->history,
		change->operation == OPERATION_REMOVED ? STORE_REMOVED : STORE_RENAMED,
		change->number);
	lookalikes_remove(changes->lookalikes, &user, key, key_length);
	if (change->operation == OPERATION_REMOVED) {
		user_index_remove(changes->users, change->number);
		return;
	}
	const struct username *username = change->username;
	user_index_rename(changes->users, &change->user, username->key, username->key_length);
	if (username->lookalike != LOOKALIKE_NONE)
		lookalikes_add(
			changes->lookalikes, &change->user, username->key, username->key_length);
}

size_t changes_apply(struct changes *changes, const struct change_batch *batch)
{
	const struct change *change;
	size_t count = 0;

	TAILQ_FOREACH (change, batch, next) {
		if (change->sheet == NULL)
			apply(changes, change);
		else if (kept_sheet_take(changes->sheet, &change->sheet->settings) != RESULT_OK)
			continue; /* it was looked at when it was added */
		count++;
	}
	return count;
}

uint64_t changes_last(const struct changes *changes)
{
	return changes->history.last;
}

/* A user that was renamed may have been removed since. */
enum result changes_read(const struct changes *changes, uint64_t after, struct store_change *found,
	size_t most, struct store_news *news)
{
	enum result result = history_read(&changes->history, after, found, most, news);

	for (size_t i = 0; i < news->count; i++) {
		if (found[i].kind == STORE_RENAMED &&
			!user_index_user(changes->users, found[i].user.number, &found[i].user))
			found[i].kind = STORE_REMOVED;
	}
	return result;
}

static bool has_user(enum result result)
{
	return result == RESULT_OK || result == RESULT_UNCHANGED || result == RESULT_TAKEN ||
	       result == RESULT_ALIKE;
}

/* A callback may begin other changes, and cancel those that are not told yet. */
void changes_tell(struct changes *changes, struct change_batch *batch, enum result outcome)
{
	struct change *change;

	while ((change = TAILQ_FIRST(batch)) != NULL) {
		/* It was taken off before it was freed. NOLINTBEGIN(clang-analyzer-unix.Malloc) */
		enum result result = change->result != RESULT_OK ? change->result : outcome;
		/* NOLINTEND(clang-analyzer-unix.Malloc) */
		TAILQ_REMOVE(batch, change, next);
		if (change->told != NULL)
			change->told(change->argument, result,
				has_user(result) && change->sheet == NULL ? &change->user : NULL);
		free_change(changes, change);
	}
}
