/*
 * A copy of the flat file that is good, while a server may be at work on it. The server appends,
 * and after a failed write cuts off again; neither touches what it has acknowledged, but bytes that
 * one of them crosses can look damaged. So the file is read twice: first as a start after a crash
 * would, then again for its good records, which are what is copied.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limit.h"
#include "base/printable.h"
#include "base/standard_error.h"
#include "commands/commands.h"
#include "commands/standard_output.h"
#include "commands/users_file.h"
#include "store/files/atomic_file.h"

#define CHUNK 65536

struct backup {
	const char *path; /* of the copy; NULL: standard output */
	bool is_ours;     /* what stands there */
	int source;
	struct watched_vfs disk;
	struct atomic_file *target; /* of `path` */
	struct buffer lines;        /* to be written */
	int cause; /* errno of the first write to standard output that failed, or 0 */
	uint64_t users;
};

static int refuse_backup(const struct backup *backup, const char *why)
{
	standard_error_say("rollcall: %s %s",
		backup->path != NULL ? PRINTABLE(backup->path) : "standard output", why);
	return EX_USAGE;
}

static bool is_source(const struct backup *backup, const struct stat *target)
{
	struct stat source;

	return fstat(backup->source, &source) == 0 && source.st_dev == target->st_dev &&
	       source.st_ino == target->st_ino;
}

/* The list of a server: it has its file locked (claim.h). */
static bool is_in_use(const char *path)
{
	const struct vfs *vfs = vfs_posix();
	int file = vfs->open(vfs, path, O_RDWR);

	if (file < 0)
		return false;
	bool is_locked = vfs->lock(vfs, file, 0) != 0 && errno == EAGAIN;
	vfs->close(vfs, file);
	return is_locked;
}

/* A backup must not take the place of what it is of, nor of anything that is no file, nor of
 * another list that somebody writes to. */
static int check_target(struct backup *backup)
{
	struct stat target;
	size_t length = strlen(backup->path);

	if (length == 0 || backup->path[length - 1] == '/')
		return refuse_backup(backup, "is not the name of a file");
	if (lstat(backup->path, &target) != 0)
		return errno == ENOENT ? EX_OK : users_file_failed(backup->path);
	if (!S_ISREG(target.st_mode))
		return refuse_backup(backup, "is there, and is not a regular file");
	if (is_source(backup, &target))
		return refuse_backup(backup, "is the file to be backed up");
	if (is_in_use(backup->path))
		return refuse_backup(backup, "is the list of a process that is running");
	backup->is_ours = target.st_uid == geteuid() && target.st_nlink == 1;
	return EX_OK;
}

/* A terminal changes what is written to it, and so does one that a container was given. */
static int check_standard_output(const struct backup *backup)
{
	struct stat target;

	if (isatty(STDOUT_FILENO))
		return refuse_backup(backup,
			"is a terminal, which takes no copy; 'docker compose exec' needs -T");
	return fstat(STDOUT_FILENO, &target) == 0 && is_source(backup, &target)
		       ? refuse_backup(backup, "is the file to be backed up")
		       : EX_OK;
}

/* Where a cut was crossed, all is well the second time. */
static int check_source(const struct backup *backup, const char *path, struct journal_scan *scan)
{
	int result = EX_OK;

	for (int tries = 2; tries > 0; tries--) {
		struct replay replay;
		replay_open(&replay, NULL, NULL);
		result = users_file_scan(path, backup->source, &replay, scan);
		replay_close(&replay);
		if (result != EX_OK || journal_scan_is_sound(scan))
			return result;
	}
	return users_file_sound(path, scan);
}

static void flush_backup(struct backup *backup)
{
	if (backup->target != NULL)
		atomic_file_write(backup->target, &backup->lines);
	else if (backup->cause == 0 && !standard_output_write(&backup->lines))
		backup->cause = errno;
	buffer_clear(&backup->lines);
}

/* journal_record_cb. Every record has exactly one spelling, so what is written is what was read. */
static enum result copy_record(void *argument, const struct record *record)
{
	struct backup *backup = argument;

	record_append(&backup->lines, record);
	if (record->operation == OPERATION_CREATED)
		backup->users++;
	else if (record->operation == OPERATION_REMOVED)
		backup->users--;
	if (backup->lines.length >= CHUNK || backup->lines.failed)
		flush_backup(backup);
	return backup->cause == 0 ? RESULT_OK : RESULT_SYSTEM;
}

/* The header has the version of the program that began the file, so it is copied as it stands. */
static int copy_header(struct backup *backup, off_t length)
{
	char header[LIMIT_RECORD];
	ssize_t got = length < (off_t)sizeof(header)
			      ? vfs_read(vfs_posix(), backup->source, header, (size_t)length, 0)
			      : 0;

	if (got != length) {
		errno = EIO; /* it was there a moment ago */
		return -1;
	}
	buffer_append(&backup->lines, header, (size_t)got);
	return 0;
}

static int copy_checked(struct backup *backup, const char *path, const struct journal_scan *checked)
{
	const struct journal_visitor visitor = {.record = copy_record, .argument = backup};
	struct journal_scan scan;

	watched_vfs_begin(&backup->disk, "copying", (uint64_t)checked->size);
	bool is_read =
		copy_header(backup, checked->start) == 0 &&
		journal_scan(&backup->disk.vfs, backup->source, &visitor, &scan) == RESULT_OK;
	watched_vfs_end(&backup->disk);
	if (!is_read)
		return users_file_failed(path);
	flush_backup(backup);
	return EX_OK;
}

static int copy_to_standard_output(
	struct backup *backup, const char *path, const struct journal_scan *checked)
{
	int result = copy_checked(backup, path, checked);

	if (result == EX_OK && backup->cause == 0 && !standard_output_sync())
		backup->cause = errno;
	errno = backup->cause;
	return result == EX_OK && backup->cause != 0 ? standard_output_failed() : result;
}

static int commit_backup(struct backup *backup)
{
	int file;
	off_t length;
	enum result result = atomic_file_commit(backup->target, &file, &length);

	if (result == RESULT_SYSTEM)
		return users_file_failed(backup->path);
	int status = result == RESULT_OK ? EX_OK : users_file_failed(backup->path);
	close(file);
	if (status == EX_OK)
		printf("%s: %" PRIu64 " users, %jd bytes\n", PRINTABLE(backup->path), backup->users,
			(intmax_t)length);
	return status;
}

/* It gets the owner and the access rights of an older copy only where that is the caller's: in a
 * directory of others, somebody else could have put it there. */
static int copy_to_file(struct backup *backup, const char *path, const struct journal_scan *checked)
{
	const struct vfs *vfs = &backup->disk.vfs;
	enum result result = backup->is_ours
				     ? atomic_file_open(vfs, backup->path, &backup->target)
				     : atomic_file_open_own(vfs, backup->path, &backup->target);

	if (result != RESULT_OK)
		return users_file_failed(backup->path);
	int status = copy_checked(backup, path, checked);
	if (status == EX_OK)
		return commit_backup(backup);
	atomic_file_abandon(backup->target);
	return status;
}

static int back_up(struct backup *backup, const char *path)
{
	struct journal_scan scan;
	int result = backup->path != NULL ? check_target(backup) : check_standard_output(backup);

	if (result == EX_OK)
		result = check_source(backup, path, &scan);
	if (result != EX_OK)
		return result;
	return backup->path != NULL ? copy_to_file(backup, path, &scan)
				    : copy_to_standard_output(backup, path, &scan);
}

static int run_backup(const struct command_line *line)
{
	if (line->store.url != NULL)
		return database_has_no_command("backup",
			"back a database up with pg_basebackup or pgBackRest, or its list with "
			"'rollcall export'");
	struct backup backup = {.path = strcmp(line->operand, "-") != 0 ? line->operand : NULL};
	char *path = users_file_path(line->data);

	watched_vfs_open(&backup.disk);
	backup.source = vfs_posix()->open(vfs_posix(), path, O_RDONLY);
	int result = backup.source >= 0 ? back_up(&backup, path) : users_file_failed(path);
	if (backup.source >= 0)
		close(backup.source);
	buffer_free(&backup.lines);
	free(path);
	return result;
}

const struct command backup_command = {
	.name = "backup",
	.operand = "FILE",
	.summary = "Copies users.log while the server runs",
	.help = "The copy has every user acknowledged before the command began.\n"
		"users.log is read and checked first. The copy is written as FILE.new, synced,\n"
		"and then renamed to FILE. It belongs to the caller. If it replaces an older copy\n"
		"of the same owner, it keeps the group, mode and access control list of that\n"
		"copy.\n"
		"\n"
		"If FILE is -, the copy goes to standard output, and needs no room on this\n"
		"machine's disks; a file of that name is ./-. The copy is complete only if the\n"
		"exit status is 0.\n"
		"\n"
		"To restore a copy, stop the server, put the copy in the data directory as\n"
		"users.log, and give it the owner of the old file.\n",
	.options = (const char *const[]){"data", STORE_OPTIONS, NULL},
	.run = run_backup,
};
