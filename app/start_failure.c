/* A start that fails says so in one way, whatever part of the program it was that failed. */
#include "start_failure.h"

#include "base/log.h"
#include "base/printable.h"
#include "base/standard_error.h"
#include "event_loop/refusal.h"

int explain_start(int exits, int error, const char *reason)
{
	standard_error_say(LOG_ERROR, "rollcall: %s", PRINTABLE(reason));
	refusal_tell(reason, error);
	return exits;
}
