/*
 * Shows a visitor all users of a database.
 */
#include "commands/database/database_export.h"

#include <sysexits.h>

#include "commands/database/database_session.h"
#include "commands/database/user_pages.h"

struct shown_list {
	const struct database_visitor *visitor;
	bool is_enough;
};

/* paged_user_cb. No error ends it, so any status does. */
static int show_user(void *argument, const struct paged_user *paged)
{
	struct shown_list *list = argument;

	list->is_enough = !list->visitor->user(list->visitor->argument, &paged->user);
	return list->is_enough ? EX_SOFTWARE : EX_OK;
}

static int show_all(struct database_session *session, const struct database_visitor *visitor)
{
	struct shown_list list = {.visitor = visitor};
	int status = user_pages_read(session, show_user, NULL, &list);

	return list.is_enough ? EX_OK : status;
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
