#include <stdio.h>

#include "commands/commands.h"
#include "options.h"
#include "serve.h"

#define EXIT_USAGE 2

static int say_help(void)
{
	options_help(stdout);
	commands_list(stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}

static int say_version(void)
{
	puts("rollcall " ROLLCALL_VERSION);
	return fflush(stdout) == 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
	struct options options;
	char reason[OPTIONS_REASON_SIZE];

	if (count > 1 && arguments[1][0] != '-' && arguments[1][0] != '\0')
		return commands_run(count - 1, arguments + 1);
	switch (options_read(&options, count, arguments, reason)) {
	case OPTIONS_HELP:
		return say_help();
	case OPTIONS_VERSION:
		return say_version();
	case OPTIONS_WRONG:
		fprintf(stderr, "rollcall: %s\nTry 'rollcall --help'.\n", reason);
		return EXIT_USAGE;
	case OPTIONS_RUN:
		break;
	}
	return serve(&options);
}
