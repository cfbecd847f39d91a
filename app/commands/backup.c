#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "../heap.h"
#include "../store/replacement.h"
#include "commands.h"
#include "users_file.h"

/* A backup must not take the place of what it is of. */
static bool is_same(int file, const char *path)
{
	struct stat source, target;

	return fstat(file, &source) == 0 && stat(path, &target) == 0 &&
	       source.st_dev == target.st_dev && source.st_ino == target.st_ino;
}

static enum status open_target(
	const struct disk *disk, const char *path, char **directory, struct replacement **target)
{
	char *for_directory = heap_printf("%s", path);
	char *for_name = heap_printf("%s", path);

	*directory = heap_printf("%s", dirname(for_directory));
	enum status status = replacement_open(disk, *directory, basename(for_name), target);
	free(for_name);
	free(for_directory);
	return status;
}

/* A server at work appends, and after a failed write cuts off again. Neither touches what it has
 * acknowledged; the rest is sorted out by reading the copy, as a start after a crash would. */
static int copy(int source, struct replacement *target, const char *path, struct watched_disk *disk)
{
	struct replay replay;
	struct journal_scan scan;
	struct stat status;

	if (fstat(source, &status) != 0)
		return users_file_failed(path);
	watched_disk_begin(disk, (uint64_t)status.st_size);
	replacement_copy(target, source, 0, status.st_size);
	int copied = replacement_file(target);
	watched_disk_end(disk);
	if (copied < 0)
		return users_file_failed(path);
	replay_open(&replay, NULL, NULL);
	int result = users_file_scan(path, copied, &replay, &scan);
	if (result == EX_OK)
		result = users_file_sound(path, &scan);
	if (result == EX_OK) {
		replacement_cut(target, scan.good);
		printf("%s: %zu users, %jd bytes\n", path, directory_count(replay.directory),
			(intmax_t)scan.good);
	}
	replay_close(&replay);
	return result;
}

static int commit(struct replacement *target, const char *path)
{
	int file;
	off_t length;
	enum status status = replacement_commit(target, &file, &length);

	if (status == STATUS_SYSTEM)
		return users_file_failed(path);
	int result = status == STATUS_OK ? EX_OK : users_file_failed(path);
	close(file);
	return result;
}

static int back_up(int source, const char *path)
{
	struct replacement *target = NULL;
	struct watched_disk disk;
	char *directory = NULL;
	int result;

	if (is_same(source, path)) {
		fprintf(stderr, "rollcall: %s is the file to be backed up\n", path);
		return EX_USAGE;
	}
	watched_disk_open(&disk);
	if (open_target(&disk.disk, path, &directory, &target) != STATUS_OK) {
		result = users_file_failed(path);
		free(directory);
		return result;
	}
	result = copy(source, target, path, &disk);
	if (result == EX_OK)
		result = commit(target, path);
	else
		replacement_abandon(target);
	free(directory);
	return result;
}

static int run(const struct command_line *line)
{
	char *path = users_file_path(line->data);
	int source = open(path, O_RDONLY | O_CLOEXEC);
	int result = source >= 0 ? back_up(source, line->operand) : users_file_failed(path);

	if (source >= 0)
		close(source);
	free(path);
	return result;
}

const struct command backup_command = {
	.name = "backup",
	.operand = "FILE",
	.summary = "Copies users.log while the server runs",
	.help = "Whoever was told before it began that they are stored is in the copy. The copy is "
		"read and\n"
		"checked, synced, and only then takes the name FILE. To go back to it, stop the "
		"server and\n"
		"put it in the data directory as users.log.\n",
	.options = (const char *const[]){"data", NULL},
	.run = run,
};
