/*
 * Reads all users in pages by number, as many in one round trip as make the wait for it count for
 * little.
 */
#include "commands/database/database_export.h"

#include <sysexits.h>

#include "commands/database/database_session.h"

#define PAGE "10000"

static int ask_for_page(struct database_session *session, uint64_t after, struct rows *rows)
{
	struct parameters parameters = {0};

	parameters_number(&parameters, (int64_t)after);
	int status = database_session_ask(session,
		"SELECT number, created, name FROM rollcall.users WHERE number > $1::bigint "
		"ORDER BY number LIMIT " PAGE,
		&parameters, rows);
	parameters_free(&parameters);
	return status;
}

static struct user user_of_row(const struct rows *rows, size_t row)
{
	struct user user = {.number = (uint64_t)rows_number(rows, row, 0),
		.created = rows_number(rows, row, 1)};

	user.name = rows_bytes(rows, row, 2, &user.name_length);
	return user;
}

static int show_all(struct database_session *session, const struct database_visitor *visitor)
{
	struct user user = {.number = 0};
	struct rows rows;
	size_t count;

	do {
		int status = ask_for_page(session, user.number, &rows);
		if (status != EX_OK)
			return status;
		count = rows_count(&rows);
		for (size_t i = 0; i < count; i++) {
			user = user_of_row(&rows, i);
			if (!visitor->user(visitor->argument, &user))
				return EX_OK;
		}
	} while (count > 0);
	return EX_OK;
}

int database_export(const struct database_place *place, const struct database_visitor *visitor)
{
	struct database_session session;
	struct database_state state;
	int status = database_session_open(&session, place);

	if (status == EX_OK)
		status = database_session_state(&session, false, &state);
	if (status == EX_OK) {
		visitor->begin(visitor->argument, (uint64_t)state.users);
		status = show_all(&session, visitor);
	}
	database_session_close(&session);
	return status;
}
