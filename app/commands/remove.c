/*
 * rollcall remove: appends the removal of one user, found by its name. Under other Unicode tables
 * two users can have the same name; then the number has to say which of them is meant.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "base/timestamp.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/users_file.h"
#include "store/names/name_key.h"

/* The user that the operator means. */
struct wanted {
	const char *name; /* as it was given */
	size_t length;
	char key[LIMIT_NAME_KEY];
	size_t key_length;
	uint64_t number; /* or 0 */
};

static bool is_named(const struct wanted *wanted, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	return name_key_fold(user->name, user->name_length, key, &length) == RESULT_OK &&
	       length == wanted->key_length && memcmp(key, wanted->key, length) == 0;
}

static bool is_exact(const struct wanted *wanted, const struct user *user)
{
	return user->name_length == wanted->length &&
	       memcmp(user->name, wanted->name, wanted->length) == 0;
}

/* Finds the next user with that name from `position` on, and moves `position` past it. */
static bool find_next(const struct user_index *users, const struct wanted *wanted, size_t *position,
	struct user *user)
{
	while (*position < user_index_count(users)) {
		*user = user_index_at(users, (*position)++);
		if (is_named(wanted, user))
			return true;
	}
	return false;
}

static int refuse_ambiguous(const struct user_index *users, const struct wanted *wanted)
{
	size_t position = 0;
	struct user user;

	standard_error_say(
		LOG_ERROR, "rollcall: more than one user has that name; --number says which:");
	while (find_next(users, wanted, &position, &user))
		standard_error_say(LOG_ERROR, "  %" PRIu64 "  %s", user.number,
			PRINTABLE_BYTES(user.name, user.name_length));
	return EX_DATAERR;
}

/* Newer tables can have made one name of two. Then the spelling tells them apart, if it is that of
 * one of them. */
static int choose(const struct user_index *users, const struct wanted *wanted, struct user *user)
{
	size_t all = 0, exact = 0, position = 0;
	struct user one, only = {0};

	while (find_next(users, wanted, &position, &one)) {
		all++;
		if (!is_exact(wanted, &one))
			continue;
		exact++;
		only = one;
	}
	if (all == 1)
		return EX_OK;
	*user = only;
	return exact == 1 ? EX_OK : refuse_ambiguous(users, wanted);
}

static int refuse_nobody(const struct wanted *wanted)
{
	if (wanted->number == 0)
		standard_error_say(
			LOG_ERROR, "rollcall: there is no user %s", PRINTABLE(wanted->name));
	else
		standard_error_say(LOG_ERROR,
			"rollcall: there is no user %s with the number %" PRIu64,
			PRINTABLE(wanted->name), wanted->number);
	return EX_NOUSER;
}

static int find_wanted(const struct replay *replay, struct wanted *wanted, struct user *user)
{
	const struct user_index *users = replay->users;

	if (name_key_fold(wanted->name, wanted->length, wanted->key, &wanted->key_length) !=
		RESULT_OK) {
		standard_error_say(LOG_ERROR, "rollcall: that is no name that a user can have");
		return EX_DATAERR;
	}
	if (wanted->number != 0)
		return user_index_user(users, wanted->number, user) && is_named(wanted, user)
			       ? EX_OK
			       : refuse_nobody(wanted);
	if (!user_index_find(users, wanted->key, wanted->key_length, user))
		return refuse_nobody(wanted);
	return replay->clashes > 0 ? choose(users, wanted, user) : EX_OK;
}

static int append_removal(struct journal *journal, const struct user *user)
{
	struct buffer line = {0};
	const char *reason = "out of memory";
	enum result result = RESULT_MEMORY;
	int64_t now = timestamp_now();

	if (now > TIMESTAMP_LAST) {
		standard_error_say(LOG_ERROR, "rollcall: the clock is past the year 9999");
		return EX_OSERR;
	}
	struct record removal = record_of_user(user);
	removal.operation = OPERATION_REMOVED;
	removal.time = now;
	record_append(&line, &removal);
	if (!line.failed)
		result = journal_append(journal, line.bytes, line.length, &reason);
	int exits = exit_status(result, errno);
	buffer_free(&line);
	if (result == RESULT_OK) {
		printf("removed user %" PRIu64 ", %s\n"
		       "The name stays in users.log until 'rollcall compact'.\n",
			user->number, PRINTABLE_BYTES(user->name, user->name_length));
		return EX_OK;
	}
	standard_error_say(LOG_ERROR, "rollcall: cannot write the removal: %s", PRINTABLE(reason));
	return exits;
}

static int run_remove(const struct command_line *line)
{
	struct users_file file;
	struct wanted wanted = {
		.name = line->operand, .length = strlen(line->operand), .number = line->number};
	struct user user;
	int status = users_file_open(&file, line->data);

	if (status == EX_OK)
		status = find_wanted(&file.replay, &wanted, &user);
	if (status == EX_OK)
		status = append_removal(file.journal, &user);
	users_file_close(&file);
	return status;
}

const struct command remove_command = {
	.name = "remove",
	.operand = "NAME",
	.summary = "Removes a user from the list",
	.help = "NAME may have any spelling that counts as the same name. If newer Unicode tables\n"
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
