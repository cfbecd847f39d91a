/*
 * The store in a flat file: the journal is the truth, the index is what of it is in memory, and
 * group_commit carries users from requests to the journal. This file ties the three together, and
 * knows whether users can be stored now and, if not, why.
 */
#include "store/flat_file/flat_file_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/meters/meters.h"
#include "base/random.h"
#include "base/scratch.h"
#include "base/timestamp.h"
#include "store/flat_file/list_import.h"
#include "store/flat_file/replay.h"
#include "store/index/name_holder.h"
#include "store/index/user_answer.h"

static const struct store_kind flat_file_kind;
static group_commit_outcome_cb on_outcome;
static group_commit_stored_cb on_stored;
static group_commit_told_cb on_told;
static pending_holder_cb find_holder_of;

/* In hexadecimal; returns the end. With snprintf() in its place, a create takes 1,000 instructions
 * more, 4 %, for the revision. */
static char *write_hexadecimal(char *text, uint64_t number)
{
	char *end = text + 1;

	for (uint64_t rest = number >> 4; rest > 0; rest >>= 4)
		end++;
	for (char *digit = end; digit > text; number >>= 4)
		*--digit = "0123456789abcdef"[number & 0xf];
	return end;
}

void flat_file_renew_view(struct flat_file_store *flat)
{
	struct store_view *view = &flat->view;

	meters.disk.users = view->users = user_index_count(flat->users);
	view->letters = user_index_letters(flat->users);
	view->newest = user_index_newest(flat->users);
	view->last = group_commit_next_number(flat->commit) - 1;
	view->last_seat = user_index_last_seat(flat->users, flat_file_waited_seats(flat));
	view->change = changes_last(flat->changes);
	*write_hexadecimal(flat->revision_end,
		group_commit_next_number(flat->commit) + flat->changes_stored) = '\0';
}

/* What revisions of this run of the program begin with. */
static void begin_revisions(struct flat_file_store *flat, uint64_t boot)
{
	flat->boot = boot;
	flat->revision_end = write_hexadecimal(flat->view.revision, boot);
	*flat->revision_end++ = '-';
}

/* replay_clash_cb */
static void report_clash(void *argument, const struct user *user, const struct user *holder)
{
	struct flat_file_store *flat = argument;

	log_event(flat->log, LOG_WARN, "same-name", LOG_NUMBER("number", user->number),
		LOG_NUMBER("other", holder->number));
}

static void take_state(struct flat_file_store *flat, enum result state, const char *reason)
{
	if (state == flat->state && (state == RESULT_OK || strcmp(reason, flat->reason.text) == 0))
		return;
	flat->state = state;
	meters.disk.is_failing = state != RESULT_OK;
	reason_set(&flat->reason, "%s", state == RESULT_OK ? "" : reason);
	if (state == RESULT_OK)
		log_event(flat->log, LOG_INFO, "store-ready");
	else
		log_event(flat->log, LOG_ERROR,
			state == RESULT_FULL ? "store-full" : "store-failed",
			LOG_TEXT("reason", reason));
}

/* Not while the worker has the journal. */
static void report_mending(struct flat_file_store *flat)
{
	const struct mending *mending = journal_mending(flat->journal);

	flat->is_to_mend = mending_is_due(mending);
	if (flat->is_to_mend)
		return;
	if (mending->is_written_anew)
		log_event(flat->log, LOG_WARN, "unclean-end", LOG_TEXT("action", "written anew"));
	if (mending->was_unended)
		log_event(flat->log, LOG_WARN, "line-feed-missing",
			LOG_TEXT("action", "written anew"));
	if (mending->torn_bytes > 0)
		log_event(flat->log, LOG_WARN, "torn-tail",
			LOG_NUMBER("bytes", (uint64_t)mending->torn_bytes),
			LOG_TEXT("saved", mending->torn_copy));
}

static void report_opening(struct flat_file_store *flat, const struct journal_report *report)
{
	report_mending(flat);
	meters.disk.bytes = journal_size(flat->journal);
	if (flat->is_to_mend)
		take_state(flat, RESULT_UNAVAILABLE, report->reason.text);
	if (strcmp(report->header.unicode, username_unicode_version()) != 0)
		log_event(flat->log, LOG_INFO, "unicode-tables",
			LOG_TEXT("file", report->header.unicode),
			LOG_TEXT("program", username_unicode_version()));
}

/* Reads the users into the index of the store, and what the next user's number is. */
static enum result read_users(struct flat_file_store *flat,
	const struct flat_file_store_settings *settings, struct header *header,
	uint64_t *next_number, struct reason *reason)
{
	struct replay replay;
	struct journal_report report;

	replay_open(&replay, report_clash, flat);
	flat->users = replay.users;
	flat->lookalikes = replay.lookalikes;
	flat->sheet = replay.sheet;
	if (!settings->serves_one)
		user_index_keep_order(flat->users);
	enum result result = journal_open(settings->vfs, settings->directory, settings->lock_wait,
		settings->makes_list, replay_record, &replay, &flat->journal, &report);
	if (result != RESULT_OK) {
		*reason = report.reason;
		return result;
	}
	replay_settle(&replay, &report.header);
	*header = report.header;
	*next_number = replay.next_number;
	report_opening(flat, &report);
	return RESULT_OK;
}

enum result flat_file_store_open(const struct flat_file_store_settings *settings,
	struct store **opened, struct reason *reason)
{
	struct flat_file_store *flat = memory_zeroed(sizeof(*flat));
	struct header header;
	uint64_t next_number;

	flat->store.kind = &flat_file_kind;
	flat->log = settings->log;
	flat->limits = settings->limits;
	begin_revisions(flat, random_number()); /* not the time: the clock could be set back */
	enum result result = read_users(flat, settings, &header, &next_number, reason);
	if (result != RESULT_OK) {
		int cause = errno;
		store_close(&flat->store);
		errno = cause;
		return result;
	}
	flat->changes = changes_open(flat->users, flat->lookalikes, flat->sheet);
	flat->commit = group_commit_open(&(struct group_commit_settings){.loop = settings->loop,
		.journal = flat->journal,
		.changes = flat->changes,
		.header = header,
		.next_number = next_number,
		.on_outcome = on_outcome,
		.on_stored = on_stored,
		.on_told = on_told,
		.holder_of = find_holder_of,
		.argument = flat});
	flat_file_renew_view(flat);
	*opened = &flat->store;
	return RESULT_OK;
}

static void flat_file_set_limits(struct store *store, const struct store_limits *limits)
{
	flat_file_of(store)->limits = *limits;
	flat_file_renew_view(flat_file_of(store));
}

static void flat_file_renew_revision(struct store *store, uint64_t pages)
{
	struct flat_file_store *flat = flat_file_of(store);

	(void)pages; /* there is no other program */
	begin_revisions(flat, flat->boot + 1);
	flat_file_renew_view(flat);
}

static void flat_file_stop(struct store *store)
{
	group_commit_stop(flat_file_of(store)->commit);
}

static void flat_file_close(struct store *store)
{
	struct flat_file_store *flat = flat_file_of(store);
	const char *reason;

	/* The operator is told once more what the next start may not find. */
	if (flat->journal != NULL && journal_check(flat->journal, &reason) != RESULT_OK)
		log_event(flat->log, LOG_ERROR, "store-closed", LOG_TEXT("reason", reason));
	list_import_close(flat->import);
	journal_close(flat->journal);
	lookalikes_close(flat->lookalikes);
	user_index_close(flat->users);
	group_commit_close(flat->commit);
	changes_close(flat->changes);
	free(flat->sheet);
	free(flat);
}

static const struct sheet_settings *flat_file_sheet_settings(struct store *store)
{
	return &flat_file_of(store)->sheet->settings;
}

static void flat_file_watch_sheet(struct store *store, store_sheet_cb *changed, void *argument)
{
	struct flat_file_store *flat = flat_file_of(store);

	flat->sheet_changed = changed;
	flat->sheet_argument = argument;
}

static void flat_file_cancel(struct store *store, struct store_job *job)
{
	group_commit_cancel(flat_file_of(store)->commit, job);
}

static void on_outcome(void *argument, enum result outcome, const char *reason)
{
	struct flat_file_store *flat = argument;

	if (flat->is_to_mend)
		report_mending(flat);
	take_state(flat, outcome, reason);
}

static bool has_settings(const struct change_batch *changes)
{
	const struct change *change;

	TAILQ_FOREACH (change, changes, next) {
		if (change->sheet != NULL)
			return true;
	}
	return false;
}

static void on_stored(
	void *argument, const struct pending_batch *batch, const struct change_batch *changes)
{
	struct flat_file_store *flat = argument;
	const struct pending_create *create;
	const struct change *change;

	TAILQ_FOREACH (create, batch, next) {
		const struct user user = pending_user(create);
		user_index_add(flat->users, &user, create->key, create->key_length);
		if (create->lookalike != LOOKALIKE_NONE)
			lookalikes_add(flat->lookalikes, &user, create->key, create->key_length);
		list_import_note(flat->import, &user);
	}
	TAILQ_FOREACH (change, changes, next) {
		if (change->username != NULL)
			list_import_note(flat->import, &change->user);
	}
	flat->changes_stored += changes_apply(flat->changes, changes);
	flat_file_renew_view(flat);
	if (has_settings(changes) && flat->sheet_changed != NULL)
		flat->sheet_changed(flat->sheet_argument);
}

static enum result find_holder_of(
	void *argument, const struct pending_create *create, struct user *holder)
{
	const struct flat_file_store *flat = argument;
	SCRATCH struct username username;

	if (user_index_find(flat->users, create->key, create->key_length, holder))
		return RESULT_TAKEN;
	if (create->lookalike == LOOKALIKE_NONE ||
		username_parse(create->name, create->name_length, &username) != USERNAME_FINE)
		return RESULT_OK;
	return name_holder_find(flat->users, flat->lookalikes, &username, 0, holder);
}

void flat_file_tell_watcher(const struct flat_file_store *flat)
{
	if (flat->changed != NULL)
		flat->changed(flat->changed_argument);
}

static void on_told(void *argument)
{
	flat_file_tell_watcher(argument);
}

/* Why no more users can be added to a store that is well, or NULL. */
static const char *find_limit(const struct flat_file_store *flat)
{
	if (user_index_count(flat->users) >= flat->limits.max_users)
		return "there are as many users as there may be";
	if (group_commit_next_number(flat->commit) > LIMIT_PLACE)
		return "the last number has been given to a user";
	return timestamp_now() > TIMESTAMP_LAST ? "the clock is past the year 9999" : NULL;
}

static enum result flat_file_ready(const struct store *store, const char **reason)
{
	const struct flat_file_store *flat = (const struct flat_file_store *)store;

	if (flat->state != RESULT_OK) {
		*reason = flat->reason.text;
		return flat->state;
	}
	*reason = find_limit(flat);
	return *reason != NULL ? RESULT_LIMIT : RESULT_OK;
}

static uint64_t flat_file_last_seat(struct store *store)
{
	return flat_file_of(store)->view.last_seat;
}

static const struct store_view *flat_file_view(struct store *store, uint64_t least)
{
	(void)least; /* a user that is not there was removed */
	return &flat_file_of(store)->view;
}

static struct store_job *flat_file_ask(struct store *store, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	const struct flat_file_store *flat = flat_file_of(store);

	user_answer(flat->users, &flat->view, question, answered, argument);
	return NULL;
}

static bool flat_file_newer(struct store *store, uint64_t position, struct user *found, size_t most,
	struct store_news *news)
{
	user_answer_newer(flat_file_of(store)->users, position, found, most, news);
	return true;
}

static enum result flat_file_changes(struct store *store, uint64_t after,
	struct store_change *found, size_t most, struct store_news *news)
{
	return changes_read(flat_file_of(store)->changes, after, found, most, news);
}

static void flat_file_watch(struct store *store, store_changed_cb *changed, void *argument)
{
	struct flat_file_store *flat = flat_file_of(store);

	flat->changed = changed;
	flat->changed_argument = argument;
}

static const struct store_kind flat_file_kind = {
	.view = flat_file_view,
	.last_seat = flat_file_last_seat,
	.ask = flat_file_ask,
	.create = flat_file_begin_create,
	.remove = flat_file_begin_removal,
	.rename = flat_file_begin_renaming,
	.set_sheet = flat_file_begin_setting,
	.sheet_settings = flat_file_sheet_settings,
	.import_begin = flat_file_begin_import,
	.import_add = list_import_add,
	.import_commit = list_import_commit,
	.import_abandon = list_import_abandon,
	.watch_sheet = flat_file_watch_sheet,
	.cancel = flat_file_cancel,
	.ready = flat_file_ready,
	.newer = flat_file_newer,
	.changes = flat_file_changes,
	.watch = flat_file_watch,
	.set_limits = flat_file_set_limits,
	.renew_revision = flat_file_renew_revision,
	.stop = flat_file_stop,
	.close = flat_file_close,
};
