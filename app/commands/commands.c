/*
 * The table of commands, and the way from main() to one of them: find the name among the arguments,
 * read the command line, run, report an error in one way.
 */
#include "commands/commands.h"

#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/command_line.h"
#include "commands/standard_output.h"

/* In the order in which they are listed. */
static const struct command *const commands[] = {
	&check_command,
	&repair_command,
	&add_command,
	&remove_command,
	&rename_command,
	&compact_command,
	&backup_command,
	&export_command,
	&import_command,
	&migrate_command,
	&healthcheck_command,
	&status_command,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

/* No command takes this one, by any beginning of it. */
static bool is_version(const char *argument)
{
	return strncmp("--version", argument, strlen(argument)) == 0;
}

/* After an option what is no command is for the server to refuse. */
int commands_find(int count, char **arguments)
{
	for (int i = 1; i < count; i++) {
		const char *argument = arguments[i];
		if (argument[0] != '-')
			return (i == 1 && *argument != '\0') || find_command(argument) != NULL ? i
											       : 0;
		if (strncmp(argument, "--", 2) != 0 || is_version(argument))
			return 0;
		if (command_line_has_value(argument + 2))
			i++;
	}
	return 0;
}

int commands_run(int count, char **arguments)
{
	const struct command *command = find_command(arguments[0]);
	struct command_line line;
	struct reason reason;

	if (command == NULL) {
		standard_error_say("rollcall: %s: no such command\nTry 'rollcall --help'.",
			PRINTABLE(arguments[0]));
		return EX_USAGE;
	}
	switch (command_line_read(&line, command, count, arguments, &reason)) {
	case COMMAND_LINE_HELP:
		command_line_help(stdout, command);
		return standard_output_end(EX_OK);
	case COMMAND_LINE_WRONG:
		standard_error_say("rollcall %s: %s\nTry 'rollcall %s --help'.", command->name,
			PRINTABLE(reason.text), command->name);
		return EX_USAGE;
	case COMMAND_LINE_RUN:
		break;
	}
	return standard_output_end(command->run(&line));
}

void commands_list(FILE *out)
{
	fputs("\nCommands, each with a --help of its own:\n\n", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  rollcall %-12s %s\n", commands[i]->name, commands[i]->summary);
}
