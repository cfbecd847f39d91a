#ifndef ROLLCALL_COMMANDS_COMMAND_LINE_H
#define ROLLCALL_COMMANDS_COMMAND_LINE_H

#include <stdio.h>

#include "base/reason.h"

#include "commands/command.h"

enum command_line_outcome {
	COMMAND_LINE_RUN,
	COMMAND_LINE_HELP,
	COMMAND_LINE_WRONG, /* the reason is in `reason` */
};

/* arguments[0] is the command's name; options and the operand follow in any order. */
enum command_line_outcome command_line_read(struct command_line *line,
	const struct command *command, int count, char **arguments, struct reason *reason);

/* Of an option, without its dashes, which may be one of the server's: whether the argument after it
 * is its value. */
bool command_line_has_value(const char *option);

/* The text of the command's --help. */
void command_line_help(FILE *out, const struct command *command);

#endif
