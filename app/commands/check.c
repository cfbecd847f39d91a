/*
 * rollcall check: reads a users.log without a lock and reports what a start would find. It changes
 * nothing, so it may run beside the server.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/printable.h"
#include "commands/commands.h"
#include "commands/database/database_check.h"
#include "commands/users_file.h"
#include "store/names/username.h"

/* replay_clash_cb */
static void say_clash(void *argument, const struct user *user, const struct user *holder)
{
	(void)argument;
	printf("same name: user %" PRIu64 ", %s, and user %" PRIu64 ", %s\n", user->number,
		PRINTABLE_BYTES(user->name, user->name_length), holder->number,
		PRINTABLE_BYTES(holder->name, holder->name_length));
}

static void say_counts(const struct replay *replay, const struct journal_scan *scan)
{
	printf("users: %zu%s\n", user_index_count(replay->users),
		scan->bad_line == 0 ? "" : ", up to the first bad line");
	printf("records: %" PRIu64 " created, %" PRIu64 " removed", replay->created,
		replay->removed);
	if (replay->renamed > 0)
		printf(", %" PRIu64 " renamed", replay->renamed);
	if (replay->set > 0)
		printf(", %" PRIu64 " of settings", replay->set);
	puts("");
	printf("size: %jd bytes\n", (intmax_t)scan->size);
	printf("unicode: %s (this program: %s)\n",
		scan->header.unicode[0] != '\0' ? PRINTABLE(scan->header.unicode) : "unknown",
		username_unicode_version());
	printf("names that clash: %" PRIu64 "\n", replay->clashes);
	if (scan->bad_line == 0)
		puts("first bad line: none");
	else
		printf("first bad line: %" PRIu64 ", at byte %jd\n", scan->bad_line,
			(intmax_t)scan->good);
}

static int say_verdict(const char *path, const struct journal_scan *scan)
{
	struct reason reason;

	if (!journal_scan_is_sound(scan)) {
		journal_scan_explain(scan, path, &reason);
		printf("torn end: no\n%s\n", PRINTABLE(reason.text));
		return EX_DATAERR;
	}
	if (scan->bad_line == 0) {
		puts("torn end: no");
		if (scan->is_unended)
			puts("last line feed: missing; the next start adds it");
		printf("%s is good\n", PRINTABLE(path));
		return EX_OK;
	}
	printf("torn end: %jd bytes, of an append that is under way or was cut short; nobody was "
	       "told that they were stored\n",
		(intmax_t)(scan->size - scan->good));
	printf("%s is good up to there\n", PRINTABLE(path));
	return EX_OK;
}

static int run_check(const struct command_line *line)
{
	if (line->store.url != NULL)
		return database_check(&line->store);
	char *path = NULL;
	const char *file = line->operand;
	struct replay replay;
	struct journal_scan scan;

	if (file == NULL)
		file = path = users_file_path(line->data);
	replay_open(&replay, say_clash, NULL);
	int status = users_file_read(file, &replay, &scan);
	if (status == EX_OK) {
		say_counts(&replay, &scan);
		status = say_verdict(file, &scan);
	}
	replay_close(&replay);
	free(path);
	return status;
}

const struct command check_command = {
	.name = "check",
	.operand = "[FILE]",
	.reads_file = true,
	.summary = "Reads a list and reports damage; changes nothing",
	.help = "Without FILE it reads users.log in the data directory. A server may be running.\n"
		"Prints the numbers of users and records, the first bad line, and whether a crash\n"
		"has left a torn end. Exit status 65 (EX_DATAERR): the file is damaged.\n"
		"\n"
		"With --store it compares all that the database has of each user with its name,\n"
		"and warns if the server is not set to keep what it acknowledges.\n",
	.options = (const char *const[]){"data", STORE_OPTIONS, NULL},
	.run = run_check,
};
