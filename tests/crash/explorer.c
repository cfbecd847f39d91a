#include "crash/explorer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crash/dice.h"
#include "crash/recovery.h"
#include "crash/seen.h"
#include "store/flat_file/journal.h"
#include "support/disk/simulated_crash.h"
#include "support/temporary_directory.h"

/* A recovery can be stopped too, and then that of the second stop. */
#define DEPTHS 2

/* Of the recoveries from different states one in so many is tried at every point. */
#define STOPPED_TOO 24

/* And one in so many on a disk without room first. */
#define FULL_TOO 4

/* Where trying is, at one depth: for the history itself, or for a recovery. */
struct depth {
	struct explorer *explorer;
	struct depth *below; /* NULL: its recoveries are not stopped */
	struct temporary_directory directory;
	struct dice dice; /* thrown anew at every point, so that one does not depend on another */
	size_t calls;     /* made before the point */
	bool is_killed;
	struct simulated_crash crash; /* else */
	enum recovery_lock lock;
	unsigned boot; /* of the machine, before that point */
};

struct explorer {
	uint64_t seed;
	unsigned step;
	const char *what;
	const struct program *program;
	bool is_damaged;
	struct seen seen;
	struct depth depths[DEPTHS];
	char *failure;
};

struct explorer *explorer_open(uint64_t seed)
{
	struct explorer *explorer = memory_zeroed(sizeof(*explorer));

	explorer->seed = seed;
	for (size_t i = 0; i < DEPTHS; i++) {
		struct depth *depth = &explorer->depths[i];
		depth->explorer = explorer;
		depth->below = i + 1 < DEPTHS ? depth + 1 : NULL;
		temporary_directory_make(&depth->directory);
	}
	return explorer;
}

void explorer_close(struct explorer *explorer)
{
	for (size_t i = 0; i < DEPTHS; i++)
		temporary_directory_remove(&explorer->depths[i].directory);
	seen_free(&explorer->seen);
	free(explorer->failure);
	free(explorer);
}

void explorer_step(struct explorer *explorer, unsigned number, const char *what)
{
	explorer->step = number;
	explorer->what = what;
}

void explorer_set_damaged(struct explorer *explorer, bool is_damaged)
{
	explorer->is_damaged = is_damaged;
}

uint64_t explorer_states(const struct explorer *explorer)
{
	return explorer->seen.count;
}

const char *explorer_failure(const struct explorer *explorer)
{
	return explorer->failure;
}

static void say_depth(struct buffer *text, const struct depth *depth)
{
	static const char *const locks[RECOVERY_LOCKS] = {[RECOVERY_LOCK_HELD] = "held",
		[RECOVERY_LOCK_CLEAN] = "clean",
		[RECOVERY_LOCK_EMPTY] = "empty",
		[RECOVERY_LOCK_MISSING] = "missing"};
	const struct simulated_crash *crash = &depth->crash;

	buffer_printf(text, "  after %zu calls: ", depth->calls);
	if (depth->is_killed)
		buffer_string(text, "killed");
	else
		buffer_printf(text,
			"power cut, %zu changes of the directory and %zu of the file on disk, "
			"torn at %jd%s, other files %s",
			crash->names, crash->cut.whole, (intmax_t)crash->cut.torn,
			crash->cut.is_zeroed ? " with zeros" : "",
			crash->has_others ? "written" : "not written");
	buffer_printf(text, "; lock %s\n", locks[depth->lock]);
}

/* What the file was before it was opened; bytes that are no text as dots. */
static void say_file(struct buffer *text, const struct simulated_disk *disk)
{
	const struct buffer *file = simulated_disk_visible(disk, JOURNAL_NAME);

	if (file == NULL) {
		buffer_string(text, "  there was no file\n");
		return;
	}
	buffer_printf(text, "  the file, %zu bytes:\n", file->length);
	for (size_t i = 0; i < file->length; i++) {
		char byte = file->bytes[i];
		bool is_text = byte == '\n' || byte == '\t' || byte < 0 || byte >= ' ';
		buffer_append(text, is_text ? &byte : ".", 1);
	}
	buffer_string(text, "\n");
}

/* `depth`: the one at which it showed, or NULL; `disk`: before it was opened. */
static void fail(struct explorer *explorer, const struct depth *depth,
	const struct simulated_disk *disk, const char *why)
{
	struct buffer text = {0};

	if (explorer->failure != NULL)
		return;
	buffer_printf(&text, "seed %" PRIu64 ", step %u (%s), state %zu: %s\n", explorer->seed,
		explorer->step, explorer->what, explorer->seen.count, why);
	for (const struct depth *at = explorer->depths; depth != NULL && at <= depth; at++)
		say_depth(&text, at);
	if (disk != NULL)
		say_file(&text, disk);
	buffer_append(&text, "", 1);
	explorer->failure = text.bytes;
}

void explorer_fail(struct explorer *explorer, const char *why)
{
	fail(explorer, NULL, NULL, why);
}

static void look(struct depth *depth, const struct simulated_disk *disk);

/* simulated_watch */
static void on_change(void *argument, const struct simulated_disk *disk)
{
	look(argument, disk);
}

static bool is_new(const struct depth *depth, const struct simulated_disk *disk)
{
	struct explorer *explorer = depth->explorer;
	const uint64_t parts[3] = {simulated_crash_digest(disk), explorer->program->roster.version,
		(uint64_t)depth->lock * 2 + depth->is_killed};

	return seen_add(&explorer->seen, parts, sizeof(parts));
}

static void start_without_room(
	struct depth *depth, const struct simulated_disk *disk, bool is_stopped_too)
{
	const struct roster *roster = &depth->explorer->program->roster;
	struct simulated_disk *full = simulated_disk_copy(disk);
	char why[ROSTER_WHY_SIZE];

	if (is_stopped_too)
		simulated_disk_watch(full, on_change, depth->below);
	recovery_set_lock(depth->directory.path, depth->lock, depth->boot);
	if (!recovery_check_without_room(full, depth->directory.path, roster, why))
		fail(depth->explorer, depth, disk, why);
	simulated_disk_close(full);
}

/* Has the program start on that disk, if it never did on one like it. */
static void start(struct depth *depth, struct simulated_disk *disk)
{
	struct explorer *explorer = depth->explorer;
	char why[ROSTER_WHY_SIZE];
	bool is_stopped_too = depth->below != NULL && dice_once_in(&depth->dice, STOPPED_TOO);

	if (!is_new(depth, disk))
		return;
	struct simulated_disk *before = simulated_disk_copy(disk);
	if (dice_once_in(&depth->dice, FULL_TOO))
		start_without_room(depth, before, is_stopped_too);
	if (is_stopped_too)
		simulated_disk_watch(disk, on_change, depth->below);
	recovery_set_lock(depth->directory.path, depth->lock, depth->boot);
	if (!recovery_check(disk, depth->directory.path, &explorer->program->roster,
		    explorer->is_damaged, why))
		fail(explorer, depth, before, why);
	simulated_disk_close(before);
}

static void kill_process(struct depth *depth, const struct simulated_disk *disk)
{
	struct simulated_disk *left = simulated_disk_copy(disk);

	depth->is_killed = true;
	bool has_list = simulated_disk_visible(left, JOURNAL_NAME) != NULL;
	depth->lock = has_list ? RECOVERY_LOCK_HELD : RECOVERY_LOCK_EMPTY;
	start(depth, left);
	simulated_disk_close(left);
}

/* The lock file is not synced, so the name of the process may be there, or anything before it. */
static enum recovery_lock any_lock(struct dice *dice)
{
	return dice_once_in(dice, 2) ? RECOVERY_LOCK_HELD
				     : (enum recovery_lock)dice_roll(dice, RECOVERY_LOCKS);
}

static void cut_power(
	struct depth *depth, const struct simulated_disk *disk, const struct simulated_crash *crash)
{
	struct simulated_disk *left = simulated_crash_disk(disk, JOURNAL_NAME, crash, 0);

	depth->is_killed = false;
	depth->crash = *crash;
	depth->lock = any_lock(&depth->dice);
	start(depth, left);
	simulated_disk_close(left);
}

/* While the program goes on. */
static void start_second(struct depth *depth, const struct simulated_disk *disk)
{
	char why[ROSTER_WHY_SIZE];
	struct simulated_disk *beside = simulated_disk_beside(disk);

	if (!recovery_is_refused(beside, depth->directory.path, why))
		fail(depth->explorer, NULL, disk, why);
	simulated_disk_close(beside);
}

static void look(struct depth *depth, const struct simulated_disk *disk)
{
	const struct explorer *explorer = depth->explorer;
	struct simulated_crash crash = SIMULATED_CRASH_FIRST;

	if (explorer->failure != NULL)
		return;
	depth->calls = simulated_disk_calls(disk);
	depth->boot = simulated_disk_boot(disk);
	depth->dice.state = explorer->seed * 1000003 + explorer->step * 1009 + depth->calls;
	if (depth == explorer->depths && explorer->program->has_list)
		start_second(depth, disk);
	kill_process(depth, disk);
	do
		cut_power(depth, disk, &crash);
	while (explorer->failure == NULL && simulated_crash_next(disk, JOURNAL_NAME, &crash));
}

void explorer_watch(
	struct explorer *explorer, struct simulated_disk *disk, const struct program *program)
{
	explorer->program = program;
	simulated_disk_watch(disk, on_change, &explorer->depths[0]);
}

void explorer_look(struct explorer *explorer, const struct simulated_disk *disk)
{
	look(&explorer->depths[0], disk);
}
