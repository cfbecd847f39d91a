/*
 * How a start fails. Options, store, sockets and sandbox all end here, so that each failure is
 * reported in the same three places: standard error, the exit status, and the service manager,
 * which also delays a restart (event_loop/refusal.h).
 */
#include "start_failure.h"

#include "base/printable.h"
#include "base/standard_error.h"
#include "event_loop/refusal.h"

int explain_start(int exits, int error, const char *reason)
{
	standard_error_say("rollcall: %s", PRINTABLE(reason));
	refusal_tell(reason, error);
	return exits;
}
