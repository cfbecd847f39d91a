#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "../printable.h"
#include "../store/replacement.h"
#include "commands.h"
#include "users_file.h"

struct backup {
	const char *path; /* of the copy */
	int source;
	struct watched_disk disk;
	size_t users;
	bool is_last_try;
};

static int refuse(const struct backup *backup, const char *why)
{
	fprintf(stderr, "rollcall: %s %s\n", PRINTABLE(backup->path), why);
	return EX_USAGE;
}

/* A backup must not take the place of what it is of, nor of anything that is no file. */
static int check_target(const struct backup *backup)
{
	struct stat source, target;
	size_t length = strlen(backup->path);

	if (length == 0 || backup->path[length - 1] == '/')
		return refuse(backup, "is not the name of a file");
	if (lstat(backup->path, &target) != 0)
		return errno == ENOENT ? EX_OK : users_file_failed(backup->path);
	if (!S_ISREG(target.st_mode))
		return refuse(backup, "is there, and is no file");
	if (fstat(backup->source, &source) == 0 && source.st_dev == target.st_dev &&
		source.st_ino == target.st_ino)
		return refuse(backup, "is the file to be backed up");
	return EX_OK;
}

/* As many bytes as there are when it begins, or fewer if a server cuts some off meanwhile. */
static int copy_bytes(int source, struct replacement *target)
{
	struct buffer bytes = {0};
	struct stat status;
	off_t at = 0;
	ssize_t got = fstat(source, &status);

	while (got >= 0 && at < status.st_size) {
		char chunk[65536];
		got = disk_read(disk_posix(), source, chunk, sizeof(chunk), at);
		if (got <= 0)
			break;
		buffer_clear(&bytes);
		buffer_append(&bytes, chunk, (size_t)got);
		replacement_write(target, &bytes);
		at += got;
	}
	buffer_free(&bytes);
	return got < 0 ? -1 : 0;
}

/* What was copied is read as a start after a crash would. A server at work appends, and after a
 * failed write cuts off again; neither touches what it has acknowledged, but a copy that one of
 * them crosses can look damaged. */
static int copy(struct backup *backup, const char *path, struct replacement *target)
{
	struct replay replay;
	struct journal_scan scan;

	if (copy_bytes(backup->source, target) != 0)
		return users_file_failed(path);
	int copied = replacement_file(target);
	if (copied < 0)
		return users_file_failed(backup->path);
	replay_open(&replay, NULL, NULL);
	int result = users_file_scan(path, copied, &replay, &scan);
	if (result == EX_OK && !journal_scan_is_sound(&scan))
		result = backup->is_last_try ? users_file_sound(path, &scan) : EX_DATAERR;
	if (result == EX_OK)
		replacement_cut(target, scan.good);
	backup->users = directory_count(replay.directory);
	replay_close(&replay);
	return result;
}

static int commit(struct backup *backup, struct replacement *target)
{
	int file;
	off_t length;
	enum status status = replacement_commit(target, &file, &length);

	if (status == STATUS_SYSTEM)
		return users_file_failed(backup->path);
	int result = status == STATUS_OK ? EX_OK : users_file_failed(backup->path);
	close(file);
	if (result == EX_OK)
		printf("%s: %zu users, %jd bytes\n", PRINTABLE(backup->path), backup->users,
			(intmax_t)length);
	return result;
}

static uint64_t size_of(int file)
{
	struct stat status;

	return fstat(file, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static int try_once(struct backup *backup, const char *path)
{
	struct replacement *target = NULL;
	enum status status = replacement_open(&backup->disk.disk, backup->path, &target);
	int result = status == STATUS_OK ? EX_OK : users_file_failed(backup->path);

	if (status == STATUS_OK) {
		watched_disk_begin(&backup->disk, "copying", size_of(backup->source));
		result = copy(backup, path, target);
		watched_disk_end(&backup->disk);
		if (result == EX_OK)
			result = commit(backup, target);
		else
			replacement_abandon(target);
	}
	return result;
}

static int back_up(struct backup *backup, const char *path)
{
	int result = check_target(backup);

	if (result != EX_OK)
		return result;
	result = try_once(backup, path);
	if (result != EX_DATAERR)
		return result;
	backup->is_last_try = true;
	return try_once(backup, path);
}

static int run(const struct command_line *line)
{
	struct backup backup = {.path = line->operand};
	char *path = users_file_path(line->data);

	watched_disk_open(&backup.disk);
	backup.source = disk_posix()->open(disk_posix(), path, O_RDONLY);
	int result = backup.source >= 0 ? back_up(&backup, path) : users_file_failed(path);
	if (backup.source >= 0)
		close(backup.source);
	free(path);
	return result;
}

const struct command backup_command = {
	.name = "backup",
	.operand = "FILE",
	.summary = "Copies users.log while the server runs",
	.help = "Whoever was told before it began that they are stored is in the copy. The copy is "
		"read and\n"
		"checked, synced, and only then takes the name FILE; until then it is FILE.new.\n"
		"To go back to it, stop the server and put it in the data directory as users.log, "
		"with the\n"
		"owner that the old one had.\n",
	.options = (const char *const[]){"data", NULL},
	.run = run,
};
