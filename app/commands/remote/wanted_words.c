/*
 * What an operator is told whose user is not there, or is one of several: in the same words whether
 * the file was asked or the server.
 */
#include "commands/remote/wanted_words.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"

int wanted_words_nobody(const char *name, uint64_t number)
{
	if (name == NULL)
		standard_error_say(
			LOG_ERROR, "rollcall: there is no user with the number %" PRIu64, number);
	else if (number == 0)
		standard_error_say(LOG_ERROR, "rollcall: there is no user %s", PRINTABLE(name));
	else
		standard_error_say(LOG_ERROR,
			"rollcall: there is no user %s with the number %" PRIu64, PRINTABLE(name),
			number);
	return EX_NOUSER;
}

void wanted_words_ambiguous(bool is_first, uint64_t number, const char *name)
{
	if (is_first)
		standard_error_say(LOG_ERROR,
			"rollcall: more than one user has that name; --number says which:");
	standard_error_say(LOG_ERROR, "  %" PRIu64 "  %s", number, name);
}
