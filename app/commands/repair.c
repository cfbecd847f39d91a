/*
 * rollcall repair: the command line of store/flat_file/repair, and its report for the operator.
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
#include "store/flat_file/repair.h"

static void say_report(const struct repair_report *report)
{
	if (report->is_sound) {
		printf("nothing to repair: %" PRIu64 " users, %" PRIu64 " records\n", report->users,
			report->kept);
		return;
	}
	printf("first bad line: %" PRIu64 "\n", report->bad_line);
	printf("kept: %" PRIu64 " records, %" PRIu64 " users\n", report->kept, report->users);
	printf("dropped: %" PRIu64 " records that contradict them\n", report->dropped);
	if (report->saved_copy[0] != '\0')
		printf("saved: %" PRIu64 " bytes of what is dropped or was unreadable, in %s\n",
			report->saved_bytes, PRINTABLE(report->saved_copy));
}

static int run_repair(const struct command_line *line)
{
	struct watched_vfs disk;
	struct repair_report report;
	uint64_t size;

	if (line->store.url != NULL)
		return database_has_no_command("repair",
			"'rollcall check' looks at a list in a database; a damaged database is put "
			"back from a backup");
	int missing = users_file_size(line->data, &size);

	if (missing != EX_OK)
		return missing;
	watched_vfs_open(&disk);
	/* It is read three times, and written once. */
	watched_vfs_begin(&disk, "repairing", 4 * size);
	enum result result = repair(&disk.vfs, line->data, &report);
	int exits = exit_status(result, errno);
	watched_vfs_end(&disk);
	if (result == RESULT_OK)
		say_report(&report);
	else
		standard_error_say("rollcall: %s", PRINTABLE(report.reason.text));
	return exits;
}

const struct command repair_command = {
	.name = "repair",
	.summary = "Repairs a damaged users.log, so that it can be opened again",
	.help = "Keeps every record with a right checksum, and puts misplaced blocks back in\n"
		"order. Everything else is first saved beside the file as\n"
		"users.log.dropped-TIME; then the repaired file replaces the damaged one. A file\n"
		"without damage and without a torn end is left alone.\n"
		"A removal that cannot be read is undone: look for it in the saved file.\n"
		"The server must not be running (exit status 75, EX_TEMPFAIL).\n",
	.options = (const char *const[]){"data", STORE_OPTIONS, NULL},
	.run = run_repair,
};
