/*
 * rollcall rename: appends the new name of one user, found by its old name or its number.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/new_name.h"
#include "commands/users_file.h"
#include "commands/wanted_user.h"

static int rename_wanted(struct users_file *file, const struct command_line *line)
{
	bool has_old = line->second != NULL;
	const char *new_name = has_old ? line->second : line->operand;
	struct username username;
	struct user user;
	int status = wanted_user_find(
		&file->replay, has_old ? line->operand : NULL, line->number, &user);

	if (status == EX_OK)
		status = new_name_check(&file->replay, new_name, user.number, &username);
	if (status != EX_OK)
		return status;
	const struct user renamed = {
		.number = user.number, .name = username.text, .name_length = username.length};
	status = users_file_append(file, OPERATION_RENAMED, &renamed);
	if (status == EX_OK)
		printf("renamed user %" PRIu64 ", %s, to %s\n"
		       "The old name stays in users.log until 'rollcall compact'.\n",
			user.number, PRINTABLE_BYTES(user.name, user.name_length),
			PRINTABLE_BYTES(username.text, username.length));
	return status;
}

static int run_rename(const struct command_line *line)
{
	struct users_file file;
	int status = wanted_user_given(line->second, line->number);

	if (status != EX_OK)
		return status;
	status = users_file_open(&file, line->data);
	if (status == EX_OK)
		status = rename_wanted(&file, line);
	users_file_close(&file);
	return status;
}

const struct command rename_command = {
	.name = "rename",
	.operand = "[NAME] NEW-NAME",
	.summary = "Gives a user another name",
	.help = "The user is found by NAME, by --number, or by both, as 'rollcall remove' finds "
		"it.\n"
		"It keeps its number and the time of its sign-up. NEW-NAME is refused if another\n"
		"user has it, or one that looks like it (exit status 65, EX_DATAERR).\n"
		"\n"
		"The record of the old name stays in users.log until 'rollcall compact'. The "
		"first\n"
		"renaming gives users.log format 2, which versions of Rollcall before 0.3 refuse.\n"
		"The server must not be running (exit status 75, EX_TEMPFAIL). Exit status 67\n"
		"(EX_NOUSER): there is no such user.\n",
	.options = (const char *const[]){"data", "number", NULL},
	.run = run_rename,
};
