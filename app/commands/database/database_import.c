/*
 * First all rows go into temporary tables. Then the state is locked, and so the list: sign-ups wait
 * from here on. What has changed since the check is checked again, and the rows are moved to where
 * they belong.
 */
#include "commands/database/database_import.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/memory.h"
#include "base/printable.h"
#include "base/progress.h"
#include "base/random.h"
#include "base/standard_error.h"
#include "commands/database/database_clashes.h"
#include "commands/database/database_copy.h"
#include "commands/database/database_session.h"
#include "commands/database/name_tables.h"
#include "store/names/username.h"

/* Users whose rows go in one COPY for each table. */
#define USERS_AT_ONCE 20000

#define MAKE_USERS                                                                                 \
	"CREATE TEMPORARY TABLE new_users (number bigint, created bigint, key bytea, name text)"

struct database_import {
	struct database_session session;
	struct database_state state; /* as it was when the users were checked */
	struct listed_users users;
	bool keeps_numbers;
	struct progress progress;
	uint64_t stored;

	/* Rows on their way. */
	struct database_copy new_users;
	struct name_tables tables;
};

int database_import_open(const struct database_place *place, struct database_import **opened)
{
	struct database_import *import = *opened = memory_zeroed(sizeof(*import));

	listed_users_open(&import->users);
	int status = database_session_open(&import->session, place);
	if (status == EX_OK)
		status = database_session_state(&import->session, false, &import->state);
	return status == EX_OK ? database_session_can_name(&import->state) : status;
}

void database_import_close(struct database_import *import)
{
	if (import == NULL)
		return;
	database_copy_free(&import->new_users);
	name_tables_free(&import->tables);
	listed_users_close(&import->users);
	database_session_close(&import->session);
	free(import);
}

void database_import_add(struct database_import *import, const struct entry *entry)
{
	listed_users_add(&import->users, entry);
}

void database_import_refuse(struct database_import *import, uint64_t line, const char *reason)
{
	listed_users_refuse(&import->users, line, reason);
}

static void check_user(struct database_import *import, size_t place)
{
	listed_users_check(&import->users, place, import->keeps_numbers);
	progress_step(&import->progress, place + 1);
}

/* A user of the list that clashes with one of the database is nobody's rival in the list. */
static int check_part(struct database_import *import, size_t *place)
{
	struct listed_users *users = &import->users;
	size_t first = *place;
	int status = EX_OK;

	if (import->state.users > 0)
		status = database_clashes_find(&import->session, users, place);
	else
		*place = users->count;
	for (size_t i = first; status == EX_OK && i < *place; i++)
		check_user(import, i);
	return status;
}

int database_import_finish(
	struct database_import *import, listed_refused_cb *refused, void *argument)
{
	struct listed_users *users = &import->users;
	int status = database_session_state(&import->session, false, &import->state);

	if (users->names.failed)
		return database_session_is_short();
	import->keeps_numbers = import->state.next_number == 1;
	users->last_number = import->keeps_numbers ? 0 : (uint64_t)import->state.next_number - 1;
	progress_begin(&import->progress, "checking", users->count);
	for (size_t place = 0; status == EX_OK && place < users->count;)
		status = check_part(import, &place);
	progress_end(&import->progress);
	if (status == EX_OK)
		listed_users_tell(users, refused, argument);
	return status;
}

static void put_user(
	struct database_import *import, const struct user *user, const struct username *username)
{
	struct database_copy *copy = &import->new_users;

	database_copy_row(copy, 4);
	database_copy_number(copy, (int64_t)user->number);
	database_copy_number(copy, user->created);
	database_copy_bytes(copy, username->key, username->key_length);
	database_copy_bytes(copy, user->name, user->name_length);
}

static void collect_user(struct database_import *import, size_t place)
{
	const struct user user = listed_users_at(&import->users, place);
	struct username username;

	if (import->users.users[place].is_refused ||
		username_parse(user.name, user.name_length, &username) != USERNAME_FINE)
		return;
	name_tables_add(
		&import->tables, &user, username.key, username.key_length, username.lookalike);
	put_user(import, &user, &username);
}

static int send_collected(struct database_import *import)
{
	int status = database_copy_send(&import->new_users, &import->session,
		"COPY pg_temp.new_users (number, created, key, name) FROM STDIN BINARY");

	return status == EX_OK ? name_tables_send(&import->tables, &import->session) : status;
}

static int send_rows_of_all(struct database_import *import)
{
	size_t count = import->users.count;
	int status = EX_OK;

	progress_begin(&import->progress, "sending", count);
	for (size_t i = 0; status == EX_OK && i < count; i++) {
		collect_user(import, i);
		if ((i + 1) % USERS_AT_ONCE != 0)
			continue;
		status = send_collected(import);
		progress_step(&import->progress, i);
	}
	if (status == EX_OK)
		status = send_collected(import);
	progress_end(&import->progress);
	return status;
}

struct late_refusals {
	const char *list;
};

/* listed_refused_cb */
static void say_late_refusal(void *argument, uint64_t line, const char *reason)
{
	const struct late_refusals *late = argument;

	standard_error_say("%s:%" PRIu64 ": %s", PRINTABLE(late->list), line, PRINTABLE(reason));
}

/* Somebody has changed the list since it was checked; now nobody can any more. */
static int check_again(
	struct database_import *import, const struct database_state *locked, const char *list)
{
	struct listed_users *users = &import->users;
	int status = EX_OK;

	if (import->keeps_numbers && locked->next_number != 1) {
		standard_error_say(
			"rollcall: a user has signed up meanwhile; nothing was imported");
		return EX_TEMPFAIL;
	}
	for (size_t place = 0; status == EX_OK && place < users->count;)
		status = database_clashes_find(&import->session, users, &place);
	if (status != EX_OK || users->refusal_count == 0)
		return status;
	struct late_refusals late = {.list = list};
	listed_users_tell(users, say_late_refusal, &late);
	standard_error_say("rollcall: these names were taken meanwhile; nothing was imported");
	return EX_DATAERR;
}

/* `more`: what numbers are higher by than when they were given. */
static int move_rows(struct database_import *import, int64_t more)
{
	struct parameters parameters = {0};
	struct rows rows;

	parameters_number(&parameters, more);
	int status = database_session_ask(&import->session,
		"INSERT INTO rollcall.users (number, created, key, name) "
		"SELECT number + $1::bigint, created, key, name FROM pg_temp.new_users "
		"ORDER BY number",
		&parameters, &rows);
	parameters_free(&parameters);
	return status == EX_OK ? name_tables_move(&import->session, more) : status;
}

static int end_move(struct database_import *import, int64_t more)
{
	struct parameters parameters = {0};
	struct rows rows;

	parameters_number(&parameters, (int64_t)(random_number() >> 1));
	parameters_number(&parameters, (int64_t)import->users.accepted);
	parameters_number(&parameters, (int64_t)import->users.last_number + more);
	parameters_text(
		&parameters, username_unicode_version(), strlen(username_unicode_version()));
	name_tables_put_letters(&import->tables, &parameters);
	int status = database_session_ask(&import->session,
		"SELECT FROM rollcall.end_import($1::bigint, $2::bigint, $3::bigint, $4::text, "
		"$5::text[])",
		&parameters, &rows);
	parameters_free(&parameters);
	return status;
}

static int store_moved(struct database_import *import, const char *list)
{
	struct database_state locked;
	int status = database_session_state(&import->session, true, &locked);

	if (status == EX_OK)
		status = database_session_can_name(&locked);
	if (status == EX_OK && locked.version != import->state.version)
		status = check_again(import, &locked, list);
	int64_t more = locked.next_number - import->state.next_number;
	if (status == EX_OK)
		status = move_rows(import, more);
	return status == EX_OK ? end_move(import, more) : status;
}

int database_import_commit(struct database_import *import, const char *list, uint64_t *imported)
{
	int status = EX_OK;

	*imported = import->users.accepted;
	if (import->users.accepted == 0)
		return EX_OK;
	status = database_session_run(&import->session, MAKE_USERS);
	if (status == EX_OK)
		status = name_tables_begin(&import->session);
	if (status == EX_OK)
		status = send_rows_of_all(import);
	if (status == EX_OK)
		status = database_session_run(&import->session, "BEGIN");
	if (status == EX_OK)
		status = store_moved(import, list);
	if (status == EX_NOPERM)
		standard_error_say("rollcall: imports are for the role rollcall_operator");
	return status == EX_OK ? database_session_commit(&import->session) : status;
}
