#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "../printable.h"
#include "../store/name_key.h"
#include "../timestamp.h"
#include "commands.h"
#include "users_file.h"

/* By the same rule that makes names unique, so any spelling of it will do. */
static int find(const struct replay *replay, const char *name, struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (name_key_fold(name, strlen(name), key, &key_length) != STATUS_OK) {
		fputs("rollcall: that is no name that a user can have\n", stderr);
		return EX_DATAERR;
	}
	if (!directory_find(replay->directory, key, key_length, user)) {
		fprintf(stderr, "rollcall: there is no user %s\n", PRINTABLE(name));
		return EX_NOUSER;
	}
	return EX_OK;
}

static int append_removal(struct journal *journal, const struct user *user)
{
	struct buffer line = {0};
	const char *reason = "out of memory";
	enum status status = STATUS_MEMORY;

	record_append(&line, &(struct record){.operation = OPERATION_REMOVED,
				     .number = user->number,
				     .time = timestamp_now(),
				     .name = user->name,
				     .name_length = user->name_length});
	if (!line.failed)
		status = journal_append(journal, line.bytes, line.length, &reason);
	buffer_free(&line);
	if (status == STATUS_OK) {
		printf("removed user %" PRIu64 ", %s\n"
		       "The name stays in users.log until 'rollcall compact'.\n",
			user->number, PRINTABLE_BYTES(user->name, user->name_length));
		return EX_OK;
	}
	fprintf(stderr, "rollcall: cannot write the removal: %s\n", PRINTABLE(reason));
	return users_file_exit(status);
}

static int run(const struct command_line *line)
{
	struct users_file file;
	struct user user;
	int status = users_file_open(&file, line->data);

	if (status == EX_OK)
		status = find(&file.replay, line->operand, &user);
	if (status == EX_OK)
		status = append_removal(file.journal, &user);
	users_file_close(&file);
	return status;
}

const struct command remove_command = {
	.name = "remove",
	.operand = "NAME",
	.summary = "Removes a user from the list",
	.help = "NAME in any spelling that counts as the same. The name can be taken again, the "
		"number is\n"
		"never given again. The record of it stays in users.log until 'rollcall compact'.\n"
		"The server must not be running (exit status 75, EX_TEMPFAIL). Exit status 67 "
		"(EX_NOUSER):\n"
		"there is no such user.\n",
	.options = (const char *const[]){"data", NULL},
	.run = run,
};
