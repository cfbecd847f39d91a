/*
 * The command line: help, the version, an operator's command, or the server. The order matters.
 * Under a CGI server the arguments are words of the client's query, so they are dropped before
 * anything looks at them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/standard_output.h"
#include "event_loop/refusal.h"
#include "event_loop/signals.h"
#include "http/cgi.h"
#include "options/options.h"
#include "program.h"

static int say_help(void)
{
	options_help(stdout);
	commands_list(stdout);
	return standard_output_end(EX_OK);
}

static int say_version(void)
{
	puts("rollcall " ROLLCALL_VERSION);
	return standard_output_end(EX_OK);
}

/* Started without standard descriptors, the first files opened would become them, and the log would
 * be written into whatever that is. */
static bool has_standard_descriptors(void)
{
	int descriptor;

	do
		descriptor = open("/dev/null", O_RDONLY); /* writing is to fail */
	while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor < 0)
		return false;
	close(descriptor);
	return true;
}

/* Every CGI server says the method: this one is a variable that was left over in a shell. */
static int say_no_request(void)
{
	standard_error_say("rollcall: arguments are not read while GATEWAY_INTERFACE is "
			   "set, as CGI servers set "
			   "it.\nUnset it to start the server or to run a command.");
	return EXIT_SETTING;
}

/* Its name comes first, then the options that stood before it. */
static int run_command(int position, int count, char **arguments)
{
	char *name = arguments[position];

	memmove(arguments + 2, arguments + 1, (size_t)(position - 1) * sizeof(*arguments));
	arguments[1] = name;
	return commands_run(count - 1, arguments + 1);
}

int main(int count, char **arguments)
{
	struct options options;
	struct reason reason;

	signals_ignore();
	if (!has_standard_descriptors())
		return EX_OSERR;
	if (count > 1 && cgi_is_wanted()) {
		if (getenv("REQUEST_METHOD") == NULL)
			return say_no_request();
		count = 1; /* the others are words of the client's query (cgi.h) */
	}
	int command = commands_find(count, arguments);
	if (command > 0)
		return run_command(command, count, arguments);
	signals_catch();
	switch (options_read(&options, count, arguments, &reason)) {
	case OPTIONS_HELP:
		return say_help();
	case OPTIONS_VERSION:
		return say_version();
	case OPTIONS_WRONG:
		standard_error_say("rollcall: %s\nTry 'rollcall --help'.", PRINTABLE(reason.text));
		refusal_tell(reason.text, EINVAL);
		return EXIT_SETTING;
	case OPTIONS_RUN:
		break;
	}
	return program_run(&options, count, arguments);
}
