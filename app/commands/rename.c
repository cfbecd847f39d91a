/*
 * rollcall rename: gives one user, found by its old name or its number, a new one: in the file, or
 * through the server that has it.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/database/database_users.h"
#include "commands/remote/remote.h"
#include "commands/users_file.h"
#include "commands/wanted_user.h"
#include "http/form.h"

static void say_renamed(bool is_in_file, uint64_t number, const char *name, const char *new_name)
{
	if (strcmp(name, new_name) == 0) {
		printf("user %" PRIu64 " is called %s already: nothing was changed\n", number,
			name);
		return;
	}
	printf("renamed user %" PRIu64 ", %s, to %s\n", number, name, new_name);
	if (is_in_file)
		puts("The old name stays in users.log until 'rollcall compact'.");
}

static int rename_wanted(struct users_file *file, const struct command_line *line)
{
	bool has_old = line->second != NULL;
	const char *new_name = has_old ? line->second : line->operand;
	struct username username;
	struct user user;
	int status = wanted_user_find(
		&file->replay, has_old ? line->operand : NULL, line->number, &user);

	if (status == EX_OK)
		status = wanted_name_check(&file->replay, new_name, user.number, &username);
	if (status != EX_OK)
		return status;
	const struct user renamed = {
		.number = user.number, .name = username.text, .name_length = username.length};
	if (!user_is_called(&user, username.text, username.length))
		status = users_file_append(file, OPERATION_RENAMED, &renamed);
	if (status == EX_OK)
		say_renamed(true, user.number, PRINTABLE_BYTES(user.name, user.name_length),
			PRINTABLE_BYTES(username.text, username.length));
	return status;
}

static int rename_in_file(const struct command_line *line)
{
	struct users_file file;
	int status = users_file_open(&file, line->data);

	if (status == EX_OK)
		status = rename_wanted(&file, line);
	users_file_close(&file);
	return status;
}

/* As a form; the answer is the user as it is then. */
static int ask_to_rename(struct remote *remote, uint64_t number, const char *new_name)
{
	struct buffer form = {0};
	char path[64];
	int status = EX_OSERR;

	snprintf(path, sizeof(path), "/users/%" PRIu64, number);
	buffer_string(&form, "username=");
	form_encode(&form, new_name, strlen(new_name));
	if (!form.failed)
		status = remote_change(remote,
			&(struct client_request){.method = "PATCH",
				.path = path,
				.content_type = "application/x-www-form-urlencoded",
				.body = form.bytes,
				.body_length = form.length},
			"the user was renamed");
	buffer_free(&form);
	return status;
}

static int rename_remotely(struct remote *remote, const struct command_line *line)
{
	bool has_old = line->second != NULL;
	struct remote_user user, renamed = {.number = 0};
	int status = remote_find_user(remote, has_old ? line->operand : NULL, line->number, &user);

	if (status == EX_OK)
		status = ask_to_rename(remote, user.number, has_old ? line->second : line->operand);
	if (status == EX_OK && remote->status != 200)
		status = remote_refused(remote);
	else if (status == EX_OK)
		status = remote_read_user(remote, &renamed);
	if (status == EX_OK)
		say_renamed(true, user.number, PRINTABLE(remote_user_name(&user)),
			PRINTABLE(remote_user_name(&renamed)));
	buffer_free(&renamed.name);
	buffer_free(&user.name);
	buffer_free(&remote->body);
	return status;
}

static int rename_in_database(const struct command_line *line)
{
	bool has_old = line->second != NULL;
	struct database_user user, renamed;
	int status = database_rename(&line->store, has_old ? line->operand : NULL, line->number,
		has_old ? line->second : line->operand, &user, &renamed);

	if (status == EX_OK)
		say_renamed(false, user.number, PRINTABLE(database_user_name(&user)),
			PRINTABLE(database_user_name(&renamed)));
	buffer_free(&user.name);
	buffer_free(&renamed.name);
	return status;
}

static int run_rename(const struct command_line *line)
{
	struct remote remote;
	int status = wanted_user_given(line->second, line->number);

	if (status != EX_OK)
		return status;
	if (line->store.url != NULL)
		return rename_in_database(line);
	return remote_is_needed(&remote, line->data, line->listen) ? rename_remotely(&remote, line)
								   : rename_in_file(line);
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
		"Exit status 67 (EX_NOUSER): there is no such user.\n" REMOTE_HELP,
	.options = (const char *const[]){"data", STORE_OPTIONS, "number", "listen", NULL},
	.run = run_rename,
};
