/*
 * Users in pages by number: as many in one round trip as make the wait for it count for little.
 */
#include "commands/database/user_pages.h"

#include <sysexits.h>

#define PAGE "10000"

static int ask_for_page(struct database_session *session, uint64_t after, struct rows *rows)
{
	struct parameters parameters = {0};

	parameters_number(&parameters, (int64_t)after);
	int status = database_session_ask(session,
		"SELECT number, created, name, key FROM rollcall.users WHERE number > $1::bigint "
		"ORDER BY number LIMIT " PAGE,
		&parameters, rows);
	parameters_free(&parameters);
	return status;
}

static struct paged_user user_of_row(const struct rows *rows, size_t row)
{
	struct paged_user paged = {.user = {.number = (uint64_t)rows_number(rows, row, 0),
					   .created = rows_number(rows, row, 1)}};

	paged.user.name = rows_bytes(rows, row, 2, &paged.user.name_length);
	paged.key = rows_bytes(rows, row, 3, &paged.key_length);
	return paged;
}

int user_pages_read(struct database_session *session, paged_user_cb *user, page_end_cb *page_end,
	void *argument)
{
	struct paged_user paged = {.user = {.number = 0}};
	struct rows rows;
	size_t count;
	int status;

	do {
		status = ask_for_page(session, paged.user.number, &rows);
		count = status == EX_OK ? rows_count(&rows) : 0;
		for (size_t i = 0; status == EX_OK && i < count; i++) {
			paged = user_of_row(&rows, i);
			status = user(argument, &paged);
		}
		if (status == EX_OK && page_end != NULL)
			status = page_end(argument);
	} while (status == EX_OK && count > 0);
	return status;
}
