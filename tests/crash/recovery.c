#include "crash/recovery.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/repair.h"
#include "store/flat_file/replay.h"

#define HELD_SIZE 128

static const char *line_of(enum recovery_lock lock, unsigned boot, char held[static HELD_SIZE])
{
	char host[64] = "";

	gethostname(host, sizeof(host) - 1);
	snprintf(held, HELD_SIZE, "process 1 on %s\nboot %u\n", host, boot);
	switch (lock) {
	case RECOVERY_LOCK_HELD:
		return held;
	case RECOVERY_LOCK_CLEAN:
		return "clean\n";
	case RECOVERY_LOCK_EMPTY:
		return "";
	default:
		return NULL;
	}
}

void recovery_set_lock(const char *directory, enum recovery_lock lock, unsigned boot)
{
	char *path = memory_printf("%s/" JOURNAL_LOCK, directory);
	char held[HELD_SIZE];
	const char *line = line_of(lock, boot, held);

	if (line == NULL) {
		unlink(path);
	} else {
		int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		ssize_t length = (ssize_t)strlen(line);
		if (file < 0 || pwrite(file, line, (size_t)length, 0) != length ||
			ftruncate(file, length) != 0) {
			perror(path);
			abort();
		}
		close(file);
	}
	free(path);
}

static enum result try_open(const struct vfs *vfs, const char *directory, bool makes_list,
	struct replay *replay, struct journal **journal, char why[static ROSTER_WHY_SIZE])
{
	struct journal_report report;

	replay_open(replay, NULL, NULL);
	enum result result = journal_open(
		vfs, directory, 0, makes_list, replay_record, replay, journal, &report);
	if (result == RESULT_OK)
		replay_settle(replay, &report.header);
	else
		snprintf(why, ROSTER_WHY_SIZE, "it cannot be opened: %s", report.reason.text);
	return result;
}

static enum result open_journal(const struct vfs *vfs, const char *directory, struct replay *replay,
	struct journal **journal, char why[static ROSTER_WHY_SIZE])
{
	return try_open(vfs, directory, false, replay, journal, why);
}

/* Without a list no promise is left to keep: the operator asks for a new one. */
static enum result open_new(const struct vfs *vfs, const char *directory,
	const struct roster *roster, struct replay *replay, struct journal **journal,
	char why[static ROSTER_WHY_SIZE])
{
	replay_close(replay);
	if (!roster_check(roster, &(struct roster_view){0}, why))
		return RESULT_MISSING;
	return try_open(vfs, directory, true, replay, journal, why);
}

static enum result open_repaired(const struct vfs *vfs, const char *directory,
	struct replay *replay, struct journal **journal, char why[static ROSTER_WHY_SIZE])
{
	struct repair_report report;
	enum result result = repair(vfs, directory, &report);

	if (result == RESULT_OK) {
		replay_close(replay);
		return open_journal(vfs, directory, replay, journal, why);
	}
	snprintf(why, ROSTER_WHY_SIZE, "it cannot be repaired: %s", report.reason.text);
	return result;
}

static bool check_users(
	const struct roster *roster, const struct replay *replay, char why[static ROSTER_WHY_SIZE])
{
	size_t count = user_index_count(replay->users);
	struct user *users = memory_resized(NULL, count + 1, sizeof(*users));

	for (size_t i = 0; i < count; i++)
		users[i] = user_index_at(replay->users, i);
	const struct roster_view view = {.users = users,
		.count = count,
		.next_number = replay->next_number,
		.seats = replay->sheet->settings.seats};
	bool is_right = roster_check(roster, &view, why);
	free(users);
	return is_right;
}

struct check {
	struct replay replay;
	struct journal_scan scan;
};

/* journal_record_cb. A program that does not know the record has to refuse the file. */
static enum result check_record(void *argument, const struct record *record)
{
	struct check *check = argument;

	if (record_version(record->operation) > check->scan.header.version)
		return RESULT_MALFORMED;
	return replay_record(&check->replay, record);
}

/* As `rollcall check` does. */
static bool check_file(struct simulated_disk *disk, char why[static ROSTER_WHY_SIZE])
{
	const struct vfs *table = simulated_disk_table(disk);
	int file = table->open(table, JOURNAL_NAME, O_RDONLY);
	struct check check = {0};
	const struct journal_visitor visitor = {.record = check_record, .argument = &check};

	if (file < 0) {
		snprintf(why, ROSTER_WHY_SIZE, "there is no file after it was opened");
		return false;
	}
	replay_open(&check.replay, NULL, NULL);
	enum result result = journal_scan(table, file, &visitor, &check.scan);
	replay_close(&check.replay);
	table->close(table, file);
	snprintf(why, ROSTER_WHY_SIZE,
		"line %" PRIu64 " is bad after it was opened, or the last has no end",
		check.scan.bad_line);
	return result == RESULT_OK && check.scan.has_header && check.scan.bad_line == 0 &&
	       !check.scan.is_unended;
}

static bool check_settled(const struct simulated_disk *disk, char why[static ROSTER_WHY_SIZE])
{
	snprintf(why, ROSTER_WHY_SIZE, "what is shown after opening is not on the disk");
	return simulated_disk_is_settled(disk, JOURNAL_NAME);
}

bool recovery_check_without_room(struct simulated_disk *disk, const char *directory,
	const struct roster *roster, char why[static ROSTER_WHY_SIZE])
{
	struct replay replay;
	struct journal *journal = NULL;
	const char *reason = NULL;

	simulated_disk_fill(disk, true);
	enum result result =
		open_journal(simulated_disk_table(disk), directory, &replay, &journal, why);
	bool is_right = result != RESULT_OK || check_users(roster, &replay, why);
	if (is_right && result == RESULT_OK && mending_is_due(journal_mending(journal))) {
		is_right = journal_append(journal, "", 0, &reason) == RESULT_UNAVAILABLE &&
			   reason != NULL && journal_probe(journal, &reason) == RESULT_UNAVAILABLE;
		snprintf(why, ROSTER_WHY_SIZE, "it is written to without room");
	}
	simulated_disk_fill(disk, false);
	if (is_right && result == RESULT_OK && mending_is_due(journal_mending(journal)))
		is_right = journal_probe(journal, &reason) == RESULT_OK && check_file(disk, why) &&
			   check_settled(disk, why);
	journal_close(journal);
	replay_close(&replay);
	return is_right;
}

static bool check_link(
	const struct simulated_disk *disk, bool was_link, char why[static ROSTER_WHY_SIZE])
{
	snprintf(why, ROSTER_WHY_SIZE, "a file has taken the place of a link");
	return simulated_disk_is_link(disk, JOURNAL_NAME) == was_link;
}

bool recovery_check(struct simulated_disk *disk, const char *directory, const struct roster *roster,
	bool is_damaged, char why[static ROSTER_WHY_SIZE])
{
	const struct vfs *table = simulated_disk_table(disk);
	bool was_link = simulated_disk_is_link(disk, JOURNAL_NAME);
	struct replay replay;
	struct journal *journal = NULL;
	enum result result = open_journal(table, directory, &replay, &journal, why);

	if (result == RESULT_MISSING)
		result = open_new(table, directory, roster, &replay, &journal, why);
	if (result == RESULT_MALFORMED && is_damaged)
		result = open_repaired(table, directory, &replay, &journal, why);
	bool is_right = result == RESULT_OK && check_users(roster, &replay, why) &&
			check_file(disk, why) && check_settled(disk, why) &&
			check_link(disk, was_link, why);
	journal_close(journal);
	replay_close(&replay);
	return is_right;
}

static bool says_clean(const char *directory)
{
	char *path = memory_printf("%s/" JOURNAL_LOCK, directory);
	char line[8] = "";
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool is_clean =
		file >= 0 && read(file, line, sizeof(line)) > 0 && memcmp(line, "clean", 5) == 0;

	close(file);
	free(path);
	return is_clean;
}

bool recovery_is_refused(
	struct simulated_disk *disk, const char *directory, char why[static ROSTER_WHY_SIZE])
{
	struct replay replay;
	struct journal *journal = NULL;

	recovery_set_lock(directory, RECOVERY_LOCK_CLEAN, 0);
	enum result result =
		open_journal(simulated_disk_table(disk), directory, &replay, &journal, why);
	journal_close(journal);
	replay_close(&replay);
	if (result == RESULT_OK)
		snprintf(why, ROSTER_WHY_SIZE, "a second process can write to the file");
	else if (result == RESULT_BUSY)
		snprintf(why, ROSTER_WHY_SIZE, "one that was refused says that the end was clean");
	return result == RESULT_BUSY && !says_clean(directory);
}
