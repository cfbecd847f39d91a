/*
 * The words for rows of a list that cannot be imported. Rows are checked in three places: by the
 * command that writes the file, by the one that sends them to a server, and by that server.
 */
#include "store/refused_row.h"

#include <inttypes.h>

#include "store/names/username_text.h"

void refused_row_name(
	struct reason *reason, enum username_problem problem, const struct username *username)
{
	char fault[USERNAME_TEXT_SIZE];

	username_fault(problem, username, fault);
	reason_set(reason, "username: %s", fault);
}

void refused_row_held(
	struct reason *reason, enum result result, const struct user *holder, uint64_t line)
{
	const char *why = result == RESULT_TAKEN ? "taken by" : "looks like that of";
	int length = (int)holder->name_length;

	if (holder->number != 0)
		reason_set(reason, "username: %s user %" PRIu64 ", %.*s", why, holder->number,
			length, holder->name);
	else if (line != 0)
		reason_set(reason, "username: %s %.*s on line %" PRIu64, why, length, holder->name,
			line);
	else
		reason_set(reason, "username: %s %.*s, earlier in this list", why, length,
			holder->name);
}
