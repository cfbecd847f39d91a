#ifndef ROLLCALL_COMMANDS_COMMANDS_H
#define ROLLCALL_COMMANDS_COMMANDS_H

#include <stdio.h>

#include "commands/command.h"

extern const struct command check_command;
extern const struct command repair_command;
extern const struct command add_command;
extern const struct command remove_command;
extern const struct command rename_command;
extern const struct command compact_command;
extern const struct command backup_command;
extern const struct command export_command;
extern const struct command import_command;
extern const struct command migrate_command;
extern const struct command healthcheck_command;
extern const struct command status_command;

/* The position of the command's name among the program's arguments, of which options may come
 * before it; 0 if there is no command. */
int commands_find(int count, char **arguments);

/* Runs the command that arguments[0] names, and returns its exit status: one of sysexits(3). */
int commands_run(int count, char **arguments);

/* A line on each, for --help. */
void commands_list(FILE *out);

#endif
