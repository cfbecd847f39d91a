/*
 * rollcall remove: removes one user, found by name or number: in the file, or through the server
 * that has it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/printable.h"
#include "commands/commands.h"
#include "commands/database/database_users.h"
#include "commands/remote/remote.h"
#include "commands/users_file.h"
#include "commands/wanted_user.h"

static void say_removed(uint64_t number, const char *name)
{
	printf("removed user %" PRIu64 ", %s\n", number, name);
}

static void say_stays(void)
{
	puts("The name stays in users.log until 'rollcall compact'.");
}

static int remove_wanted(struct users_file *file, const struct command_line *line)
{
	struct user user;
	int status = wanted_user_find(&file->replay, line->operand, line->number, &user);

	if (status == EX_OK)
		status = users_file_append(file, OPERATION_REMOVED, &user);
	if (status == EX_OK) {
		say_removed(user.number, PRINTABLE_BYTES(user.name, user.name_length));
		say_stays();
	}
	return status;
}

static int remove_in_file(const struct command_line *line)
{
	struct users_file file;
	int status = users_file_open(&file, line->data);

	if (status == EX_OK)
		status = remove_wanted(&file, line);
	users_file_close(&file);
	return status;
}

static int remove_remotely(struct remote *remote, const struct command_line *line)
{
	struct remote_user user;
	char path[64];
	int status = remote_find_user(remote, line->operand, line->number, &user);

	snprintf(path, sizeof(path), "/users/%" PRIu64, user.number);
	if (status == EX_OK)
		status = remote_change(remote,
			&(struct client_request){.method = "DELETE", .path = path},
			"the user was removed");
	if (status == EX_OK && remote->status != 204)
		status = remote_refused(remote);
	if (status == EX_OK) {
		say_removed(user.number, PRINTABLE(remote_user_name(&user)));
		say_stays();
	}
	buffer_free(&user.name);
	buffer_free(&remote->body);
	return status;
}

static int remove_in_database(const struct command_line *line)
{
	struct database_user user = {.number = 0};
	int status = database_remove(&line->store, line->operand, line->number, &user);

	if (status == EX_OK)
		say_removed(user.number, PRINTABLE(database_user_name(&user)));
	buffer_free(&user.name);
	return status;
}

static int run_remove(const struct command_line *line)
{
	struct remote remote;
	int status = wanted_user_given(line->operand, line->number);

	if (status != EX_OK)
		return status;
	if (line->store.url != NULL)
		return remove_in_database(line);
	return remote_is_needed(&remote, line->data, line->listen) ? remove_remotely(&remote, line)
								   : remove_in_file(line);
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
		"name stays in users.log until 'rollcall compact'. Exit status 67 (EX_NOUSER): "
		"there\n"
		"is no such user.\n" REMOTE_HELP,
	.options = (const char *const[]){"data", STORE_OPTIONS, "number", "listen", NULL},
	.run = run_remove,
};
