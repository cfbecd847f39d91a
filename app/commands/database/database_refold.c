/*
 * New Unicode tables give characters a meaning that had none, so names that could be chosen before
 * are folded as they were: a key that differs is a sign of something else. Words and looks can
 * differ: marks and confusables are looked at again.
 */
#include "commands/database/database_refold.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/progress.h"
#include "base/random.h"
#include "base/standard_error.h"
#include "commands/database/name_tables.h"
#include "commands/database/user_pages.h"
#include "store/names/name_key.h"
#include "store/names/username.h"

/* Users told of, whose keys would be others. */
#define MOST_TOLD 20

struct refold {
	struct database_session *session;
	struct name_tables tables;
	struct progress progress;
	uint64_t users;
	uint64_t different;
};

static void tell_different(struct refold *refold, const struct user *user)
{
	if (++refold->different > MOST_TOLD)
		return;
	progress_end(&refold->progress);
	standard_error_say("rollcall: user %" PRIu64 ", %s, would be compared otherwise",
		user->number, PRINTABLE_BYTES(user->name, user->name_length));
}

/* paged_user_cb */
static int refold_user(void *argument, const struct paged_user *paged)
{
	struct refold *refold = argument;
	const struct user *user = &paged->user;
	char key[LIMIT_NAME_KEY];
	size_t length;

	refold->users++;
	if (name_key_fold(user->name, user->name_length, key, &length) != RESULT_OK ||
		length != paged->key_length || memcmp(key, paged->key, length) != 0)
		tell_different(refold, user);
	else
		name_tables_add(&refold->tables, user, key, length,
			lookalike_of(user->name, user->name_length, key, length));
	return EX_OK;
}

/* page_end_cb */
static int send_refolded(void *argument)
{
	struct refold *refold = argument;

	progress_step(&refold->progress, refold->users);
	return name_tables_send(&refold->tables, refold->session);
}

static int refold_all(struct refold *refold)
{
	struct database_state state;
	int status = database_session_state(refold->session, true, &state);

	if (status != EX_OK)
		return status;
	progress_begin(&refold->progress, "checking", (uint64_t)state.users);
	status = user_pages_read(refold->session, refold_user, send_refolded, refold);
	progress_end(&refold->progress);
	if (status != EX_OK || refold->different == 0)
		return status;
	standard_error_say("rollcall: %" PRIu64
			   " users would be compared otherwise by Unicode %s; nothing was "
			   "changed. Rename them with a program of the version before",
		refold->different, username_unicode_version());
	return EX_DATAERR;
}

static int set_state(struct refold *refold)
{
	struct parameters parameters = {0};
	struct rows rows;

	parameters_text(
		&parameters, username_unicode_version(), strlen(username_unicode_version()));
	parameters_number(&parameters, (int64_t)(random_number() >> 1));
	name_tables_put_letters(&refold->tables, &parameters);
	int status = database_session_ask(refold->session,
		"UPDATE rollcall.state SET unicode = $1::text, revision = $2::bigint, "
		"version = version + 1, letters = rollcall.new_letters('', $3::text[]) "
		"WHERE id = 1",
		&parameters, &rows);
	parameters_free(&parameters);
	return status;
}

int database_refold(struct database_session *session)
{
	struct refold refold = {.session = session};
	int status = database_session_run(session, "BEGIN");

	if (status == EX_OK)
		status = name_tables_begin(session);
	if (status == EX_OK)
		status = refold_all(&refold);
	if (status == EX_OK)
		status = database_session_run(
			session, "DELETE FROM rollcall.words; DELETE FROM rollcall.looks");
	if (status == EX_OK)
		status = name_tables_move(session, 0);
	if (status == EX_OK)
		status = set_state(&refold);
	if (status == EX_OK)
		status = database_session_commit(session);
	name_tables_free(&refold.tables);
	return status;
}
