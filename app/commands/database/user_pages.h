#ifndef ROLLCALL_COMMANDS_DATABASE_USER_PAGES_H
#define ROLLCALL_COMMANDS_DATABASE_USER_PAGES_H

#include <stdint.h>

#include "commands/database/database_session.h"
#include "store/user.h"

/* All users of a database, the oldest first, for commands that read them all. */

struct paged_user {
	struct user user;
	const char *key; /* as the database has it */
	size_t key_length;
};

/* Returns EX_OK to go on; anything else ends the reading. */
typedef int paged_user_cb(void *argument, const struct paged_user *user);

/* Called behind each page; may use the session. NULL: not wanted. */
typedef int page_end_cb(void *argument);

/* Returns what ended the reading, or what went wrong with the database, which was said. */
int user_pages_read(struct database_session *session, paged_user_cb *user, page_end_cb *page_end,
	void *argument) MUST_CHECK;

#endif
