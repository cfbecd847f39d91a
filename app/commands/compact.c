/*
 * rollcall compact: writes users.log anew without removed users. Removing a user only appends a
 * record; this is what makes the name leave the file.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/users_file.h"
#include "store/flat_file/rewrite.h"

static int compact(struct users_file *file)
{
	const struct replay *replay = &file->replay;
	const char *reason;

	watched_vfs_begin(&file->disk, "writing", file->size);
	enum result result = rewrite_compact(file->journal, replay, &reason);
	int exits = exit_status(result, errno);
	watched_vfs_end(&file->disk);
	if (result == RESULT_OK) {
		printf("kept: %zu users\ndropped: %" PRIu64 " removed\n",
			user_index_count(replay->users), replay->removed);
		return EX_OK;
	}
	standard_error_say("rollcall: cannot write users.log anew: %s", PRINTABLE(reason));
	return exits;
}

static int run_compact(const struct command_line *line)
{
	struct users_file file;

	if (line->store.url != NULL)
		return database_has_no_command("compact",
			"a database takes names that were removed out of its files by itself, in "
			"autovacuum");
	int status = users_file_open(&file, line->data);
	if (status == EX_OK)
		status = compact(&file);
	users_file_close(&file);
	return status;
}

const struct command compact_command = {
	.name = "compact",
	.summary = "Rewrites users.log without removed users",
	.help = "The new file is synced before it takes the place of the old one, which is valid\n"
		"until then. The command checks that there is room for both before it writes.\n"
		"Names stay in files beside it (users.log.torn-*, users.log.dropped-*) and in\n"
		"backups. The server must not be running (exit status 75, EX_TEMPFAIL).\n",
	.options = (const char *const[]){"data", STORE_OPTIONS, NULL},
	.run = run_compact,
};
