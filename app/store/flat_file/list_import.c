/*
 * Two indexes: that of the list, and one of the import's own users, numbered from 1, in which
 * they are found by name and look. The own index is the only copy. When the import is committed,
 * the journal is its alone for one job (group_commit_exclude()): the worker reads the own index,
 * which does not change any more, and writes a record for each user behind a copy of the file.
 * That copy takes the place of the file in one step, so there is no moment, whenever the machine
 * stops, with some of them.
 *
 * A create that was begun meanwhile is looked at again afterwards (group_commit.c). One that was
 * stored while the import was being collected is noted, and makes it fail: a person who signs up is
 * not turned away for an import that may never come.
 */
#include "store/flat_file/list_import.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/scratch.h"
#include "store/flat_file/record.h"
#include "store/flat_file/rewrite.h"
#include "store/index/name_holder.h"
#include "store/store_kind.h"

/* Users that the list gets in one turn of the loop: some hundred microseconds. */
#define PART 200

enum import_state {
	IMPORT_COLLECTING,
	IMPORT_COMMITTED, /* the journal is or will be its own */
	IMPORT_STORED,    /* the list is getting its users */
};

struct list_import {
	struct store_import import; /* first: struct store_kind has it so */
	struct list_import_settings settings;
	enum import_state state;
	struct user_index *users; /* its own */
	struct lookalikes *lookalikes;
	uint64_t count;
	struct exclusive exclusive;
	uint64_t before;        /* the number of the last user of the list before it */
	uint64_t added;         /* to the list */
	store_outcome_cb *done; /* NULL once abandoned */
	void *argument;

	/* A user of the list took one of its names. */
	enum result conflict;
	struct user holder;
	char holder_name[LIMIT_NAME];
};

struct list_import *list_import_open(const struct list_import_settings *settings)
{
	struct list_import *import = memory_zeroed(sizeof(*import));

	import->import.store = settings->store;
	import->settings = *settings;
	import->users = user_index_open();
	import->lookalikes = lookalikes_open(import->users);
	return import;
}

struct store_import *list_import_store_import(struct list_import *import)
{
	return &import->import;
}

void list_import_close(struct list_import *import)
{
	if (import == NULL)
		return;
	lookalikes_close(import->lookalikes);
	user_index_close(import->users);
	free(import);
}

uint64_t list_import_coming(const struct list_import *import)
{
	if (import == NULL || import->state == IMPORT_COLLECTING)
		return 0;
	return import->count - import->added;
}

static void end_import(struct list_import *import)
{
	import->settings.on_over(import->settings.argument);
	list_import_close(import);
}

enum result list_import_add(struct store_import *store_import, const struct username *username,
	int64_t created, struct user *holder)
{
	struct list_import *import = (struct list_import *)store_import;
	const struct list_import_settings *settings = &import->settings;
	enum result result =
		name_holder_find(settings->users, settings->lookalikes, username, 0, holder);
	if (result != RESULT_OK)
		return result;
	result = name_holder_find(import->users, import->lookalikes, username, 0, holder);
	if (result != RESULT_OK) {
		holder->number = 0;
		return result;
	}
	/* They are kept in memory: no more of them than there may be. */
	if (user_index_count(settings->users) + import->count >= *settings->most)
		return RESULT_NO_SEAT;
	const struct user user = {.number = import->count + 1,
		.created = created,
		.name = username->text,
		.name_length = username->length};
	user_index_add(import->users, &user, username->key, username->key_length);
	lookalikes_add(import->lookalikes, &user, username->key, username->key_length);
	import->count++;
	return RESULT_OK;
}

void list_import_note(struct list_import *import, const struct user *user)
{
	SCRATCH struct username username;
	struct user own;

	if (import == NULL || import->state == IMPORT_STORED || import->conflict != RESULT_OK ||
		import->count == 0 ||
		username_parse(user->name, user->name_length, &username) != USERNAME_FINE)
		return;
	import->conflict = name_holder_find(import->users, import->lookalikes, &username, 0, &own);
	if (import->conflict == RESULT_OK)
		return;
	import->holder = *user;
	import->holder.name = memcpy(import->holder_name, user->name, user->name_length);
}

/* exclusive_start_cb */
static enum result on_journal_free(void *argument, uint64_t next_number)
{
	struct list_import *import = argument;

	import->before = next_number - 1;
	return import->conflict;
}

/* The records of an import, behind a copy of the file. journal_fill_cb, on the worker. */
static void fill_imported(void *argument, struct atomic_file *replacement, int file, off_t length)
{
	const struct list_import *import = argument;
	struct buffer lines = {0};

	atomic_file_copy(replacement, file, 0, length);
	for (size_t i = 0; i < import->count && !lines.failed; i++) {
		struct user user = user_index_at(import->users, i);
		user.number += import->before;
		const struct record record = record_of_user(&user);
		record_append(&lines, &record);
		if (!lines.failed && lines.length < LIMIT_KEPT_BUFFER && i + 1 < import->count)
			continue;
		atomic_file_write(replacement, &lines);
		buffer_clear(&lines);
	}
	buffer_free(&lines);
}

/* exclusive_work_cb, on the worker */
static enum result write_import(void *argument, const char **reason)
{
	struct list_import *import = argument;

	return journal_replace(import->settings.journal, fill_imported, import, reason);
}

static void add_to_list(struct list_import *import)
{
	const struct list_import_settings *settings = &import->settings;
	struct user user = user_index_at(import->users, import->added);
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length = user_table_key(user_index_table(import->users), import->added, key);

	user.number += import->before;
	user_index_add(settings->users, &user, key, key_length);
	lookalikes_add(settings->lookalikes, &user, key, key_length);
	import->added++;
}

static void tell_import(struct list_import *import, enum result result)
{
	bool is_held = result == RESULT_TAKEN || result == RESULT_ALIKE;

	if (import->done != NULL)
		import->done(import->argument, result, is_held ? &import->holder : NULL);
	end_import(import);
}

/* exclusive_part_cb */
static bool on_import_part(void *argument, enum result outcome)
{
	struct list_import *import = argument;

	if (outcome != RESULT_OK) {
		tell_import(import, outcome);
		return false;
	}
	import->state = IMPORT_STORED;
	for (size_t i = 0; i < PART && import->added < import->count; i++)
		add_to_list(import);
	group_commit_set_next_number(import->settings.commit, import->before + import->added + 1);
	import->settings.on_part(import->settings.argument);
	if (import->added < import->count)
		return true;
	tell_import(import, RESULT_OK);
	return false;
}

enum result list_import_commit(
	struct store_import *store_import, store_outcome_cb *done, void *argument)
{
	struct list_import *import = (struct list_import *)store_import;
	const struct list_import_settings *settings = &import->settings;
	uint64_t more = group_commit_names(settings->commit) + import->count;

	if (user_index_count(settings->users) + more > *settings->most ||
		group_commit_next_number(settings->commit) + more - 1 > LIMIT_PLACE)
		return RESULT_NO_SEAT;
	import->state = IMPORT_COMMITTED;
	import->done = done;
	import->argument = argument;
	import->exclusive = (struct exclusive){.start = on_journal_free,
		.work = write_import,
		.part = on_import_part,
		.argument = import};
	group_commit_exclude(settings->commit, &import->exclusive);
	return RESULT_OK;
}

void list_import_abandon(struct store_import *store_import)
{
	struct list_import *import = (struct list_import *)store_import;

	import->done = NULL;
	if (import->state == IMPORT_COLLECTING)
		end_import(import);
}
