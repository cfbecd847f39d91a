/*
 * rollcall add: adds one user. A list in a database is changed there, whether servers run or not. A
 * file is changed by the server that has it open, and by this command itself if there is none. All
 * three ways refuse the same names, in the same words.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/limit.h"
#include "base/printable.h"
#include "base/standard_error.h"
#include "base/timestamp.h"
#include "commands/commands.h"
#include "commands/database/database_users.h"
#include "commands/remote/remote.h"
#include "commands/users_file.h"
#include "commands/wanted_user.h"
#include "http/form.h"

static void say_added(uint64_t number, const char *name)
{
	printf("added user %" PRIu64 ", %s\n", number, name);
}

static int add_user(struct users_file *file, const char *name)
{
	struct username username;
	int status = wanted_name_check(&file->replay, name, 0, &username);

	if (status != EX_OK)
		return status;
	if (file->replay.next_number > LIMIT_PLACE) {
		standard_error_say("rollcall: the last number has been given to a user");
		return EX_DATAERR;
	}
	const struct user user = {.number = file->replay.next_number,
		.name = username.text,
		.name_length = username.length};
	status = users_file_append(file, OPERATION_CREATED, &user);
	if (status == EX_OK)
		say_added(user.number, PRINTABLE_BYTES(user.name, user.name_length));
	return status;
}

static int add_in_file(const struct command_line *line)
{
	struct users_file file;
	int status = users_file_open_or_create(&file, line->data, line->makes_list);

	if (status == EX_OK)
		status = add_user(&file, line->operand);
	users_file_close(&file);
	return status;
}

/* As a form; the answer is the new user. */
static int ask_to_add(struct remote *remote, const char *name)
{
	struct buffer form = {0};
	int status = EX_OSERR;

	buffer_string(&form, "username=");
	form_encode(&form, name, strlen(name));
	if (!form.failed)
		status = remote_change(remote,
			&(struct client_request){.method = "POST",
				.path = "/admin/add",
				.content_type = "application/x-www-form-urlencoded",
				.body = form.bytes,
				.body_length = form.length},
			"the user was added");
	buffer_free(&form);
	return status;
}

static int add_remotely(struct remote *remote, const char *name)
{
	struct remote_user user = {.number = 0};
	int status = ask_to_add(remote, name);

	if (status == EX_OK && remote->status != 201)
		status = remote_refused(remote);
	else if (status == EX_OK)
		status = remote_read_user(remote, &user);
	if (status == EX_OK)
		say_added(user.number, PRINTABLE(remote_user_name(&user)));
	buffer_free(&user.name);
	buffer_free(&remote->body);
	return status;
}

static int add_in_database(const struct command_line *line)
{
	struct database_user user = {.number = 0};
	int status = line->makes_list ? database_has_no_new()
				      : database_add(&line->store, line->operand, &user);

	if (status == EX_OK)
		say_added(user.number, PRINTABLE(database_user_name(&user)));
	buffer_free(&user.name);
	return status;
}

static int run_add(const struct command_line *line)
{
	struct remote remote;

	if (line->store.url != NULL)
		return add_in_database(line);
	if (!remote_is_needed(&remote, line->data, line->listen))
		return add_in_file(line);
	return line->makes_list ? remote_has_list() : add_remotely(&remote, line->operand);
}

const struct command add_command = {
	.name = "add",
	.operand = "NAME",
	.summary = "Adds a user to the list",
	.help = "The rules for NAME are those of the form. It is refused if a user has it, or one\n"
		"that looks like it (exit status 65, EX_DATAERR). Opening and closing do not\n"
		"count; seats do while a server has the list.\n" REMOTE_HELP,
	.options = (const char *const[]){"data", STORE_OPTIONS, "new", "listen", NULL},
	.run = run_add,
};
