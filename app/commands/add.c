/*
 * rollcall add: appends one user.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/limit.h"
#include "base/printable.h"
#include "base/standard_error.h"
#include "base/timestamp.h"
#include "commands/commands.h"
#include "commands/new_name.h"
#include "commands/users_file.h"

static int add_user(struct users_file *file, const char *name)
{
	struct username username;
	int status = new_name_check(&file->replay, name, 0, &username);

	if (status != EX_OK)
		return status;
	if (file->replay.next_number > LIMIT_PLACE) {
		standard_error_say(LOG_ERROR, "rollcall: the last number has been given to a user");
		return EX_DATAERR;
	}
	const struct user user = {.number = file->replay.next_number,
		.name = username.text,
		.name_length = username.length};
	status = users_file_append(file, OPERATION_CREATED, &user);
	if (status == EX_OK)
		printf("added user %" PRIu64 ", %s\n", user.number,
			PRINTABLE_BYTES(user.name, user.name_length));
	return status;
}

static int run_add(const struct command_line *line)
{
	struct users_file file;
	int status = users_file_open_or_create(&file, line->data, line->makes_list);

	if (status == EX_OK)
		status = add_user(&file, line->operand);
	users_file_close(&file);
	return status;
}

const struct command add_command = {
	.name = "add",
	.operand = "NAME",
	.summary = "Adds a user to the list",
	.help = "The rules for NAME are those of the form. It is refused if a user has it, or one\n"
		"that looks like it (exit status 65, EX_DATAERR). Seats, opening and closing do\n"
		"not count. The server must not be running (exit status 75, EX_TEMPFAIL).\n",
	.options = (const char *const[]){"data", "new", NULL},
	.run = run_add,
};
