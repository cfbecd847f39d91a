/*
 * Applies records to an index of users, by the rules that the records of a sound file keep. Names
 * are indexed after the last record, all at once.
 */
#include "store/flat_file/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/scratch.h"
#include "store/flat_file/setting_text.h"
#include "store/names/name_key.h"

void replay_open(struct replay *replay, replay_clash_cb *clash, void *argument)
{
	*replay = (struct replay){
		.users = user_index_open(), .next_number = 1, .clash = clash, .argument = argument};
	replay->lookalikes = lookalikes_open(replay->users);
	replay->sheet = memory_zeroed(sizeof(*replay->sheet));
	kept_sheet_begin(replay->sheet);
}

void replay_close(struct replay *replay)
{
	lookalikes_close(replay->lookalikes);
	replay->lookalikes = NULL;
	user_index_close(replay->users);
	replay->users = NULL;
	free(replay->sheet);
	replay->sheet = NULL;
}

static bool forget_look(const struct replay *replay, const struct user *user)
{
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (name_key_fold(user->name, user->name_length, key, &key_length) != RESULT_OK)
		return false;
	lookalikes_remove(replay->lookalikes, user, key, key_length);
	return true;
}

static enum result add(struct replay *replay, const struct record *record)
{
	const struct user user = {.number = record->number,
		.created = record->time,
		.name = record->name,
		.name_length = record->name_length};
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (record->number > LIMIT_PLACE)
		return RESULT_LIMIT;
	if (name_key_fold(record->name, record->name_length, key, &key_length) != RESULT_OK)
		return RESULT_MALFORMED;
	user_index_load(replay->users, &user, key, key_length);
	lookalikes_add(replay->lookalikes, &user, key, key_length);
	replay->next_number = record->number + 1;
	replay->created++;
	return RESULT_OK;
}

static enum result remove_user(struct replay *replay, const struct record *record)
{
	struct user user;

	if (!user_index_user(replay->users, record->number, &user) ||
		!user_is_called(&user, record->name, record->name_length) ||
		!forget_look(replay, &user) || !user_index_remove(replay->users, record->number))
		return RESULT_MALFORMED;
	replay->removed++;
	return RESULT_OK;
}

static enum result rename_user(struct replay *replay, const struct record *record)
{
	struct user user;
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (!user_index_user(replay->users, record->number, &user) || !forget_look(replay, &user) ||
		name_key_fold(record->name, record->name_length, key, &key_length) != RESULT_OK)
		return RESULT_MALFORMED;
	user.name = record->name;
	user.name_length = record->name_length;
	user_index_rename(replay->users, &user, key, key_length);
	lookalikes_add(replay->lookalikes, &user, key, key_length);
	replay->renamed++;
	return RESULT_OK;
}

static enum result set_sheet(struct replay *replay, const struct record *record)
{
	if (setting_text_read(record->name, record->name_length, replay->sheet) != RESULT_OK)
		return RESULT_MALFORMED;
	replay->set++;
	return RESULT_OK;
}

enum result replay_record(void *argument, const struct record *record)
{
	struct replay *replay = argument;

	switch (record->operation) {
	case OPERATION_CREATED:
		return add(replay, record);
	case OPERATION_REMOVED:
		return remove_user(replay, record);
	case OPERATION_RENAMED:
		return rename_user(replay, record);
	case OPERATION_SET:
		return set_sheet(replay, record);
	}
	return RESULT_MALFORMED;
}

/* user_index_clash_cb */
static void note_clash(void *argument, const struct user *user, const struct user *holder)
{
	struct replay *replay = argument;

	replay->clashes++;
	if (replay->clash != NULL)
		replay->clash(replay->argument, user, holder);
}

void replay_settle(struct replay *replay, const struct header *header)
{
	user_index_settle(replay->users, note_clash, replay);
	if (replay->next_number <= header->numbered)
		replay->next_number = header->numbered + 1;
}
