/*
 * The name that an operator gives a user.
 */
#include "commands/new_name.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "store/names/username_text.h"

static int refuse_for_holder(const char *why, const struct user *holder)
{
	standard_error_say(LOG_ERROR, "rollcall: that name %s user %" PRIu64 ", %s", why,
		holder->number, PRINTABLE_BYTES(holder->name, holder->name_length));
	return EX_DATAERR;
}

int new_name_check(
	const struct replay *replay, const char *name, uint64_t own, struct username *username)
{
	enum username_problem problem = username_parse(name, strlen(name), username);
	char fault[USERNAME_TEXT_SIZE];
	struct user holder;

	if (problem != USERNAME_FINE) {
		username_fault(problem, username, fault);
		standard_error_say(LOG_ERROR, "rollcall: the name %s", PRINTABLE(fault));
		return EX_DATAERR;
	}
	if (user_index_find(replay->users, username->key, username->key_length, &holder) &&
		holder.number != own)
		return refuse_for_holder("is taken by", &holder);
	if (lookalikes_find(replay->lookalikes, username, own, &holder))
		return refuse_for_holder("looks like that of", &holder);
	return EX_OK;
}
