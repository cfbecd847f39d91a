/*
 * rollcall healthcheck: asks the running server over FastCGI, the way a web server does, so that it
 * tests what users depend on: accept, parse, route, respond. For container engines and monitoring.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "fastcgi/client.h"

/* For all of it. Shorter than the time that container engines and monitors give a health check. */
#define TIMEOUT_MS 3000

static int unavailable(const char *address, const char *reason)
{
	standard_error_say("rollcall: %s: %s", PRINTABLE(address), PRINTABLE(reason));
	return EX_UNAVAILABLE;
}

static int run_healthcheck(const struct command_line *line)
{
	struct endpoint endpoint;
	struct client_answer answer;
	struct reason reason;

	if (endpoint_parse(&endpoint, line->listen, &reason) != RESULT_OK) {
		standard_error_say(
			"rollcall: %s: %s", PRINTABLE(line->listen), PRINTABLE(reason.text));
		return EX_USAGE;
	}
	if (client_fetch(&endpoint, line->is_live ? "/healthz" : "/readyz", TIMEOUT_MS, &answer,
		    &reason) != RESULT_OK)
		return unavailable(line->listen, reason.text);
	if (answer.status != 200)
		return unavailable(line->listen, answer.text);
	puts(PRINTABLE(answer.text));
	return EX_OK;
}

const struct command healthcheck_command = {
	.name = "healthcheck",
	.summary = "Asks the running server whether it is ready, or live",
	.help = "Asks over FastCGI, as a web server does, and waits three seconds for the\n"
		"response. The server is not ready while it stops or the disk is full. Exit\n"
		"status 69 (EX_UNAVAILABLE): not ready, or not live; standard error has the\n"
		"reason.\n",
	.options = (const char *const[]){"listen", "ready", "live", NULL},
	.run = run_healthcheck,
};
