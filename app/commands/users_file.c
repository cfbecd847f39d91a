/*
 * The flat file as the commands open it: read-only beside a running server, or locked for writing
 * as a server does. Errors are printed here, once, so that commands only pass on an exit status.
 */
#include "commands/users_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/printable.h"
#include "base/progress.h"
#include "base/standard_error.h"
#include "base/timestamp.h"
#include "commands/exit_status.h"
#include "store/flat_file/rewrite.h"

/* What a scan shows records to. */
struct reading {
	struct replay *replay;
	struct progress progress;
};

char *users_file_path(const char *data)
{
	return memory_printf("%s/" JOURNAL_NAME, data);
}

int users_file_failed(const char *path)
{
	int cause = errno;
	struct stat link;

	if (cause == ENOENT && lstat(path, &link) == 0)
		standard_error_say("rollcall: %s " CLAIM_LINK_TO_NOWHERE, PRINTABLE(path));
	else
		standard_error_say("rollcall: %s: %s", PRINTABLE(path), vfs_words(cause));
	return exit_status(RESULT_SYSTEM, cause);
}

/* journal_record_cb */
static enum result on_record(void *argument, const struct record *record)
{
	struct reading *reading = argument;

	progress_step(&reading->progress, (uint64_t)record->offset);
	return replay_record(reading->replay, record);
}

int users_file_scan(const char *path, int file, struct replay *replay, struct journal_scan *scan)
{
	struct reading reading = {.replay = replay};
	const struct journal_visitor visitor = {.record = on_record, .argument = &reading};
	struct stat status;

	if (fstat(file, &status) != 0)
		return users_file_failed(path);
	progress_begin(&reading.progress, "reading", (uint64_t)status.st_size);
	enum result scanned = journal_scan(vfs_posix(), file, &visitor, scan);
	progress_end(&reading.progress);
	if (scanned != RESULT_OK)
		return users_file_failed(path);
	replay_settle(replay, &scan->header);
	return EX_OK;
}

int users_file_read(const char *path, struct replay *replay, struct journal_scan *scan)
{
	int file = vfs_posix()->open(vfs_posix(), path, O_RDONLY);

	if (file < 0)
		return users_file_failed(path);
	int status = users_file_scan(path, file, replay, scan);
	close(file);
	return status;
}

int users_file_sound(const char *path, const struct journal_scan *scan)
{
	struct reason reason;

	if (journal_scan_is_sound(scan))
		return EX_OK;
	journal_scan_explain(scan, path, &reason);
	standard_error_say("rollcall: %s", PRINTABLE(reason.text));
	return EX_DATAERR;
}

int users_file_read_sound(const char *path, struct replay *replay, struct journal_scan *scan)
{
	int status = users_file_read(path, replay, scan);

	return status == EX_OK ? users_file_sound(path, scan) : status;
}

static void say_mending(const struct mending *mending)
{
	if (mending_is_due(mending))
		return; /* whatever is to be written will fail with the reason */
	if (mending->torn_bytes > 0)
		standard_error_warn("rollcall: a torn end of %jd bytes was cut off and saved in %s",
			(intmax_t)mending->torn_bytes, PRINTABLE(mending->torn_copy));
	if (mending->was_unended)
		standard_error_warn(
			"rollcall: the last line feed was missing; the file was written anew with "
			"it");
	if (mending->is_written_anew)
		standard_error_warn("rollcall: the process that had the file before did "
				    "not end cleanly; it was "
				    "written anew");
}

int users_file_size(const char *data, uint64_t *size)
{
	char *path = users_file_path(data);
	struct stat file;
	bool is_there = access(path, R_OK | W_OK) == 0 && stat(path, &file) == 0;
	int status = is_there ? EX_OK : users_file_failed(path);

	*size = is_there ? (uint64_t)file.st_size : 0;
	free(path);
	return status;
}

static int open_for_writing(struct users_file *file, const char *data, bool makes_list)
{
	struct reading reading = {.replay = &file->replay};
	struct journal_report report;

	progress_begin(&reading.progress, "reading", file->size);
	enum result result = journal_open(
		&file->disk.vfs, data, 0, makes_list, on_record, &reading, &file->journal, &report);
	int exits = exit_status(result, errno);
	progress_end(&reading.progress);
	if (result != RESULT_OK) {
		standard_error_say("rollcall: %s", PRINTABLE(report.reason.text));
		return exits;
	}
	file->header = report.header;
	replay_settle(&file->replay, &report.header);
	say_mending(journal_mending(file->journal));
	return EX_OK;
}

static void begin_users_file(struct users_file *file)
{
	*file = (struct users_file){0};
	watched_vfs_open(&file->disk);
	replay_open(&file->replay, NULL, NULL);
}

int users_file_open(struct users_file *file, const char *data)
{
	begin_users_file(file);
	int status = users_file_size(data, &file->size);
	return status == EX_OK ? open_for_writing(file, data, false) : status;
}

int users_file_open_or_create(struct users_file *file, const char *data, bool makes_list)
{
	char *path = users_file_path(data);
	bool is_there = access(path, F_OK) == 0;

	free(path);
	if (is_there && !makes_list)
		return users_file_open(file, data);
	begin_users_file(file);
	if (!is_there)
		return access(data, W_OK | X_OK) == 0 ? open_for_writing(file, data, makes_list)
						      : users_file_failed(data);
	standard_error_say("rollcall: there is a users.log already: leave out --new");
	return EX_USAGE;
}

int users_file_append(struct users_file *file, enum operation operation, const struct user *user)
{
	struct record record = record_of_user(user);
	struct buffer line = {0};
	const char *reason = "out of memory";
	enum result result = RESULT_MEMORY;

	record.operation = operation;
	record.time = timestamp_now();
	if (record.time > TIMESTAMP_LAST) {
		standard_error_say("rollcall: the clock is past the year 9999");
		return EX_OSERR;
	}
	record_append(&line, &record);
	if (!line.failed)
		result = rewrite_append(
			file->journal, &file->header, &line, record_version(operation), &reason);
	int exits = exit_status(result, errno);
	buffer_free(&line);
	if (result == RESULT_OK)
		return EX_OK;
	standard_error_say("rollcall: cannot write to users.log: %s", PRINTABLE(reason));
	return exits;
}

void users_file_close(struct users_file *file)
{
	journal_close(file->journal);
	replay_close(&file->replay);
}
