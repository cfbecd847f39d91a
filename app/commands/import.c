/*
 * rollcall import: adds the users of a list. The whole list is checked first and stored in one
 * step, so that a mistake on the last line leaves nothing half done; every bad line is reported,
 * not only the first.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/printable.h"
#include "base/progress.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/database/database_import.h"
#include "commands/exit_status.h"
#include "commands/intake.h"
#include "commands/remote/remote_import.h"
#include "commands/users_file.h"
#include "formats/list_reader.h"
#include "store/flat_file/rewrite.h"

#define CHUNK 65536

/* The list to be imported. */
struct input {
	int file;
	const char *name; /* for messages */
	const struct format *format;
};

struct import {
	const struct input *input;
	struct intake intake;             /* into the file */
	struct remote_import *remote;     /* or to the server that has it; else NULL */
	struct database_import *database; /* or into a database; else NULL */
	struct progress progress;
	bool is_lenient;
	uint64_t invalid;
};

/* entry_visitor */
static void take_invalid(void *argument, uint64_t line, const char *reason)
{
	struct import *import = argument;

	if (++import->invalid > LIMIT_IMPORT_REPORTS && !import->is_lenient)
		return;
	progress_end(&import->progress);
	standard_error_say(
		"%s:%" PRIu64 ": %s", PRINTABLE(import->input->name), line, PRINTABLE(reason));
}

/* entry_visitor */
static void take_entry(void *argument, const struct entry *entry)
{
	struct import *import = argument;
	struct reason reason;

	if (import->database != NULL)
		database_import_add(import->database, entry);
	else if (import->remote != NULL)
		remote_import_add(import->remote, entry);
	else if (intake_add(&import->intake, entry, &reason) != RESULT_OK)
		take_invalid(import, entry->line, reason.text);
}

/* entry_visitor. A row that the database refuses may be on an earlier line. */
static void keep_invalid(void *argument, uint64_t line, const char *reason)
{
	struct import *import = argument;

	if (import->database != NULL)
		database_import_refuse(import->database, line, reason);
	else
		take_invalid(import, line, reason);
}

static int choose_format(const struct command_line *line, struct input *input)
{
	input->format = line->format;
	if (input->format == NULL)
		input->format = format_of_file(input->name);
	if (input->format != NULL)
		return EX_OK;
	standard_error_say("rollcall import: %s: its name does not say what it is; --format "
			   "can: " FORMAT_NAMES,
		PRINTABLE(input->name));
	return EX_USAGE;
}

/* A list may come through a pipe, and be typed at a terminal. A device would never end. */
static bool is_list(int file)
{
	struct stat status;

	if (fstat(file, &status) != 0)
		return false;
	if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) ||
		isatty(file))
		return true;
	errno = S_ISDIR(status.st_mode) ? EISDIR : VFS_NOT_REGULAR;
	return false;
}

static int open_input(const struct command_line *line, struct input *input)
{
	input->file = STDIN_FILENO;
	input->name = "(standard input)";
	if (line->operand == NULL || strcmp(line->operand, "-") == 0)
		return EX_OK;
	input->name = line->operand;
	input->file = open(line->operand, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->file < 0 && errno == ENXIO)
		errno = VFS_NOT_REGULAR; /* a socket */
	return input->file >= 0 && is_list(input->file) ? EX_OK : users_file_failed(input->name);
}

static void close_input(const struct input *input)
{
	if (input->file > STDIN_FILENO)
		close(input->file);
}

static enum result feed_list(struct import *import, struct list_reader *reader)
{
	char chunk[CHUNK];
	uint64_t done = 0;
	enum result result = RESULT_OK;
	ssize_t got;

	do {
		got = read(import->input->file, chunk, sizeof(chunk));
		if (got <= 0)
			continue;
		result = list_reader_feed(reader, chunk, (size_t)got);
		done += (uint64_t)got;
		progress_step(&import->progress, done);
	} while (result == RESULT_OK && (got > 0 || (got < 0 && errno == EINTR)));
	if (got < 0)
		return RESULT_SYSTEM;
	return result == RESULT_OK ? list_reader_finish(reader) : result;
}

static int read_list(struct import *import)
{
	const struct entry_visitor visitor = {
		.entry = take_entry, .invalid = keep_invalid, .argument = import};
	struct list_reader *reader = list_reader_open(import->input->format, &visitor);
	struct stat file;

	/* The length of what comes through a pipe is not known. */
	if (fstat(import->input->file, &file) == 0 && S_ISREG(file.st_mode))
		progress_begin(&import->progress, "importing", (uint64_t)file.st_size);
	enum result result = feed_list(import, reader);
	int cause = errno;
	int sent = import->remote != NULL ? remote_import_finish(import->remote) : EX_OK;
	progress_end(&import->progress);
	if (import->database != NULL)
		sent = database_import_finish(import->database, take_invalid, import);
	list_reader_close(reader);
	errno = result == RESULT_MEMORY ? ENOMEM : cause;
	if (result == RESULT_SYSTEM || result == RESULT_MEMORY)
		return users_file_failed(import->input->name);
	if (sent != EX_OK)
		return sent;
	if (import->invalid > LIMIT_IMPORT_REPORTS && !import->is_lenient)
		standard_error_say("and %" PRIu64 " more", import->invalid - LIMIT_IMPORT_REPORTS);
	if (result == RESULT_OK && (import->invalid == 0 || import->is_lenient))
		return EX_OK;
	standard_error_say("rollcall: nothing was imported");
	return EX_DATAERR;
}

static void say_imported(const struct import *import, uint64_t count)
{
	printf("imported %" PRIu64 " users, skipped %" PRIu64 "\n", count, import->invalid);
}

static int store_import(const struct import *import, struct users_file *file)
{
	const struct intake *intake = &import->intake;
	const char *reason;
	enum result result = RESULT_OK;

	watched_vfs_begin(&file->disk, "writing", 2 * file->size + intake->records.length);
	if (intake->count > 0)
		result = rewrite_extend(file->journal, &intake->records, &reason);
	int exits = exit_status(result, errno);
	watched_vfs_end(&file->disk);
	if (result == RESULT_OK) {
		say_imported(import, intake->count);
		return EX_OK;
	}
	standard_error_say(
		result == RESULT_FULL
			? "rollcall: nothing was imported: users.log cannot be written anew: %s"
			: "rollcall: imported, but a crash could undo it: %s",
		PRINTABLE(reason));
	return exits;
}

static int import_into(const struct command_line *line, struct import *import)
{
	struct users_file file;
	int status = users_file_open_or_create(&file, line->data, line->makes_list);

	if (status == EX_OK) {
		intake_open(&import->intake, &file.replay);
		status = read_list(import);
		if (status == EX_OK)
			status = store_import(import, &file);
		intake_close(&import->intake);
	}
	users_file_close(&file);
	return status;
}

static int commit_remotely(const struct import *import, struct remote_import *remote)
{
	uint64_t count;
	int status = remote_import_commit(remote, &count);

	if (status == EX_OK)
		say_imported(import, count);
	return status;
}

static int import_remotely(
	const struct command_line *line, struct remote *remote, struct import *import)
{
	struct remote_import remote_import = {.on_refused = take_invalid, .argument = import};

	if (line->makes_list)
		return remote_has_list();
	import->remote = &remote_import;
	int status = remote_import_open(&remote_import, remote);
	if (status == EX_OK)
		status = read_list(import);
	if (status == EX_OK)
		status = commit_remotely(import, &remote_import);
	remote_import_close(&remote_import);
	buffer_free(&remote->body);
	return status;
}

static int import_into_database(const struct command_line *line, struct import *import)
{
	uint64_t count;

	if (line->makes_list)
		return database_has_no_new();
	int status = database_import_open(&line->store, &import->database);
	if (status == EX_OK)
		status = read_list(import);
	if (status == EX_OK)
		status = database_import_commit(import->database, import->input->name, &count);
	if (status == EX_OK)
		say_imported(import, count);
	database_import_close(import->database);
	return status;
}

static int import_into_data(const struct command_line *line, struct import *import)
{
	struct remote remote;

	return remote_is_needed(&remote, line->data, line->listen)
		       ? import_remotely(line, &remote, import)
		       : import_into(line, import);
}

static int run_import(const struct command_line *line)
{
	struct input input;
	struct import import = {.input = &input, .is_lenient = line->is_lenient};
	int status = open_input(line, &input);

	if (status == EX_OK)
		status = choose_format(line, &input);
	if (status == EX_OK)
		status = line->store.url != NULL ? import_into_database(line, &import)
						 : import_into_data(line, &import);
	close_input(&input);
	return status;
}

const struct command import_command = {
	.name = "import",
	.operand = "[FILE]",
	.summary = "Adds the users of a list, in CSV or JSON Lines: all of them or none",
	.help = "Without FILE, or if it is '-', the list is read from standard input, and\n"
		"--format is needed. Otherwise the end of the name, .csv or .jsonl, shows the\n"
		"format.\n"
		"\n"
		"  CSV (RFC 4180)  a header row with the column username, and optionally created\n"
		"                  and number, in any order; then a row for each user. Fields\n"
		"                  are separated by commas, semicolons or tabs. The file is in\n"
		"                  UTF-8, or in UTF-16 with a byte order mark. Spreadsheets\n"
		"                  save it as \"CSV UTF-8\"\n"
		"  JSON Lines      an object on each line, with the same members\n"
		"\n"
		"created is a time like 2026-01-02T03:04:05.678Z (UTC); the default is now.\n"
		"number is kept by a list that has had no user yet, where it has to rise from "
		"line\n"
		"to line; else users get the next numbers, in the order of the list, and so they "
		"do\n"
		"from a server that has the list.\n"
		"\n"
		"Every line is checked first. Each bad line is reported with its number and the\n"
		"reason, and then no user is imported (exit status 65, EX_DATAERR), unless\n"
		"--skip-invalid is given. A data directory without users.log gets one: run the\n"
		"command as the user of the server. If other files show that there was a\n"
		"users.log, --new is needed. While a server stores the list, sign-ups "
		"wait.\n"
		"\n"
		"With --store the role is to be rollcall_operator, or may as much.\n" REMOTE_HELP,
	.options = (const char *const[]){"data", STORE_OPTIONS, "format", "skip-invalid", "new",
		"listen", NULL},
	.run = run_import,
};
