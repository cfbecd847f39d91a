/*
 * rollcall status: asks the running server how much it has to do, in a line for people, or as JSON.
 * It needs no data directory: the server that listens there is the one that is meant.
 */
#include <jansson.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/database/database_check.h"
#include "commands/remote/remote.h"

static int bad_status(void)
{
	standard_error_say("rollcall: the server has sent an answer that is none");
	return EX_PROTOCOL;
}

static int print_words(const json_t *answer)
{
	const char *words = json_string_value(json_object_get(answer, "status"));
	const char *reason = json_string_value(json_object_get(answer, "reason"));

	if (words == NULL)
		return bad_status();
	puts(PRINTABLE(words));
	if (reason != NULL)
		printf("not ready: %s\n", PRINTABLE(reason));
	return EX_OK;
}

static int print_status(const struct remote *remote, bool in_json)
{
	json_t *answer = remote_json(remote);
	int status = answer != NULL ? EX_OK : bad_status();

	if (status == EX_OK && in_json)
		puts(remote->body.bytes);
	else if (status == EX_OK)
		status = print_words(answer);
	json_decref(answer);
	return status;
}

static int run_status(const struct command_line *line)
{
	struct remote remote;

	if (line->is_store_given)
		return database_status(&line->store, line->is_json);
	remote_begin(&remote, line->listen);
	int status = remote_ask(
		&remote, &(struct client_request){.method = "GET", .path = "/admin/status"});
	if (status == EX_OK)
		status = remote.status == 200 ? print_status(&remote, line->is_json)
					      : remote_refused(&remote);
	buffer_free(&remote.body);
	return status;
}

const struct command status_command = {
	.name = "status",
	.summary = "Says how much the running server has to do",
	.help = "The number of users, the sign-ups in the last minute, and the share of the last\n"
		"10 seconds in which the event loop was busy; and why no users can be stored, if\n"
		"so. The command has to run as root or as the server's own user, over a unix\n"
		"socket (exit status 77, EX_NOPERM). Exit status 69 (EX_UNAVAILABLE): no server\n"
		"listens there.\n"
		"\n"
		"With --store on the command line: how many users the database has, and what an\n"
		"operator asks first of it. ROLLCALL_STORE does not count here.\n",
	.options = (const char *const[]){"listen", STORE_OPTIONS, "json", NULL},
	.run = run_status,
};
