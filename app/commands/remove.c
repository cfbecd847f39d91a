/*
 * rollcall remove: appends the removal of one user, found by name or number.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/printable.h"
#include "commands/commands.h"
#include "commands/users_file.h"
#include "commands/wanted_user.h"

static int remove_wanted(struct users_file *file, const struct command_line *line)
{
	struct user user;
	int status = wanted_user_find(&file->replay, line->operand, line->number, &user);

	if (status == EX_OK)
		status = users_file_append(file, OPERATION_REMOVED, &user);
	if (status == EX_OK)
		printf("removed user %" PRIu64 ", %s\n"
		       "The name stays in users.log until 'rollcall compact'.\n",
			user.number, PRINTABLE_BYTES(user.name, user.name_length));
	return status;
}

static int run_remove(const struct command_line *line)
{
	struct users_file file;
	int status = wanted_user_given(line->operand, line->number);

	if (status != EX_OK)
		return status;
	status = users_file_open(&file, line->data);
	if (status == EX_OK)
		status = remove_wanted(&file, line);
	users_file_close(&file);
	return status;
}

const struct command remove_command = {
	.name = "remove",
	.operand = "[NAME]",
	.summary = "Removes a user from the list",
	.help = "The user is found by NAME, by --number, or by both.\n"
		"\n"
		"NAME may have any spelling that counts as the same name. If newer Unicode tables\n"
		"have made the names of several users the same, the command removes the user with\n"
		"exactly this spelling, or with the number of --number; otherwise it lists them\n"
		"and removes none (exit status 65, EX_DATAERR).\n"
		"\n"
		"The name can be taken again; the number is never used again. The record of the\n"
		"name stays in users.log until 'rollcall compact'. The server must not be running\n"
		"(exit status 75, EX_TEMPFAIL). Exit status 67 (EX_NOUSER): there is no such "
		"user.\n",
	.options = (const char *const[]){"data", "number", NULL},
	.run = run_remove,
};
