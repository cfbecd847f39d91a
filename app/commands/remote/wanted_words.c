/*
 * What an operator is told whose user is not there, or is one of several: in the same words whether
 * the file was asked, the server or a database.
 */
#include "commands/remote/wanted_words.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "store/names/username_text.h"

int wanted_words_nobody(const char *name, uint64_t number)
{
	if (name == NULL)
		standard_error_say("rollcall: there is no user with the number %" PRIu64, number);
	else if (number == 0)
		standard_error_say("rollcall: there is no user %s", PRINTABLE(name));
	else
		standard_error_say("rollcall: there is no user %s with the number %" PRIu64,
			PRINTABLE(name), number);
	return EX_NOUSER;
}

int wanted_words_fault(enum username_problem problem, const struct username *username)
{
	char fault[USERNAME_TEXT_SIZE];

	username_fault(problem, username, fault);
	standard_error_say("rollcall: username: %s", PRINTABLE(fault));
	return EX_DATAERR;
}

int wanted_words_held(enum result result, const struct user *holder)
{
	standard_error_say("rollcall: that name %s user %" PRIu64 ", %s",
		result == RESULT_TAKEN ? "is taken by" : "looks like that of", holder->number,
		PRINTABLE_BYTES(holder->name, holder->name_length));
	return EX_DATAERR;
}

void wanted_words_ambiguous(bool is_first, uint64_t number, const char *name)
{
	if (is_first)
		standard_error_say(
			"rollcall: more than one user has that name; --number says which:");
	standard_error_say("  %" PRIu64 "  %s", number, name);
}
