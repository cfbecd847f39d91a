#ifndef ROLLCALL_COMMAND_LINE_H
#define ROLLCALL_COMMAND_LINE_H

#include <stdio.h>

#include "command.h"

#define COMMAND_REASON_SIZE 512

enum command_line_outcome {
	COMMAND_LINE_RUN,
	COMMAND_LINE_HELP,
	COMMAND_LINE_WRONG, /* the reason is in `reason` */
};

/* arguments[0] is the command's name; options and the operand follow in any order. */
enum command_line_outcome command_line_read(struct command_line *line,
	const struct command *command, int count, char **arguments,
	char reason[static COMMAND_REASON_SIZE]);

/* The text of the command's --help. */
void command_line_help(FILE *out, const struct command *command);

#endif
