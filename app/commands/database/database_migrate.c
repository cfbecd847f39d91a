/*
 * There is one version of the schema, so what there is to migrate is from nothing to that.
 */
#include "commands/database/database_migrate.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/memory.h"
#include "base/printable.h"
#include "base/random.h"
#include "base/standard_error.h"
#include "commands/database/database_refold.h"
#include "commands/database/database_session.h"
#include "database_schema.h"
#include "store/names/username.h"

static int is_list_there(struct database_session *session, bool *is_there)
{
	struct rows rows;
	int status = database_session_ask(
		session, "SELECT to_regclass('rollcall.state') IS NOT NULL", NULL, &rows);

	*is_there = status == EX_OK && rows_boolean(&rows, 0, 0);
	return status;
}

static int set_unicode(struct database_session *session)
{
	struct parameters unicode = {0};
	struct rows rows;

	parameters_text(&unicode, username_unicode_version(), strlen(username_unicode_version()));
	int status = database_session_ask(session,
		"UPDATE rollcall.state SET unicode = $1::text WHERE id = 1", &unicode, &rows);
	parameters_free(&unicode);
	return status;
}

static int make_list(struct database_session *session)
{
	int status = database_session_run(session, "BEGIN");

	if (status == EX_OK)
		status = database_session_run(session, schema_sql);
	if (status == EX_OK)
		status = set_unicode(session);
	if (status == EX_OK)
		status = database_session_commit(session);
	if (status == EX_OK)
		printf("made an empty list in %s\n", PRINTABLE(session->address.text));
	return status;
}

/* Changes are numbered anew, as in an empty list: the numbers that clients come with are out of
 * reach. */
static int renew_database_site(struct database_session *session)
{
	struct parameters numbers = {0};
	struct rows rows;

	parameters_number(&numbers, (int64_t)(random_number() >> 1));
	parameters_number(&numbers, (int64_t)(random_number() >> 1));
	parameters_number(&numbers, (int64_t)(random_number() % (LIMIT_PLACE / 2)));
	int status = database_session_ask(session,
		"WITH forgotten AS (DELETE FROM rollcall.changes) "
		"UPDATE rollcall.state SET site = $1::bigint, revision = $2::bigint, "
		"change = 100000000000000000 + $3::bigint, version = version + 1 WHERE id = 1",
		&numbers, &rows);
	parameters_free(&numbers);
	return status;
}

static int bring_up_to_date(struct database_session *session, bool makes_site)
{
	struct database_state state;
	int status = database_session_state(session, false, &state);

	if (status == EX_OK && *state.unicode == '\0')
		status = set_unicode(session);
	else if (status == EX_OK && strcmp(state.unicode, username_unicode_version()) != 0)
		status = database_refold(session);
	if (status == EX_OK && makes_site)
		status = renew_database_site(session);
	if (status == EX_OK)
		printf("the list in %s is up to date\n", PRINTABLE(session->address.text));
	return status;
}

/* Until no other migration of this database is under way. The lock ends with the session. */
static int wait_for_others(struct database_session *session)
{
	return database_session_run(
		session, "SELECT pg_advisory_lock(hashtext('rollcall migrate'))");
}

int database_migrate(const struct database_place *place, bool makes_site)
{
	struct database_session session;
	bool is_there = false;
	int status = database_session_open(&session, place);

	if (status == EX_OK)
		status = wait_for_others(&session);
	if (status == EX_OK)
		status = is_list_there(&session, &is_there);
	if (status == EX_OK)
		status = is_there ? bring_up_to_date(&session, makes_site) : make_list(&session);
	database_session_close(&session);
	return status;
}

void database_print_schema(void)
{
	printf("BEGIN;\n\n%s\nUPDATE rollcall.state SET unicode = '%s' WHERE id = 1;\nCOMMIT;\n",
		schema_sql, username_unicode_version());
}
