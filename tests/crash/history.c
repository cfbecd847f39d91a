#include "crash/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crash/explorer.h"
#include "crash/names.h"
#include "crash/program.h"
#include "crash/recovery.h"
#include "store/flat_file/header.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/record.h"
#include "support/disk/simulated_crash.h"
#include "support/temporary_directory.h"

#define STEPS      30
#define MOST_BATCH 8

struct history {
	struct dice dice;
	struct temporary_directory directory;
	struct explorer *explorer;
	struct program program;
	unsigned names; /* made so far */
	uint64_t seats; /* set so far */
	bool is_damaged;
};

/* What there is to do, with the server running or not. */
struct action {
	const char *name;
	void (*run)(struct history *history);
	unsigned weight;
};

static void adopt(struct history *history, struct simulated_disk *disk)
{
	simulated_disk_close(history->program.disk);
	history->program.disk = disk;
	explorer_watch(history->explorer, disk, &history->program);
}

static void new_name(struct history *history, struct username *name)
{
	names_make(&history->dice, history->names++, name);
}

/* One that was used before, or a new one. */
static void any_name(struct history *history, struct username *name)
{
	const struct roster *roster = &history->program.roster;

	if (roster->count > 0 && dice_once_in(&history->dice, 4))
		*name = roster->entries[dice_roll(&history->dice, roster->count)].username;
	else
		new_name(history, name);
}

static void create(struct history *history)
{
	struct username names[MOST_BATCH];
	struct dice *dice = &history->dice;
	size_t count = 1 + dice_roll(dice, dice_once_in(dice, 3) ? MOST_BATCH : 3);
	size_t later = dice_once_in(dice, 3) ? dice_roll(dice, count) : 0;
	size_t cancelled = dice_once_in(dice, 6) ? dice_roll(dice, count) : SIZE_MAX;

	for (size_t i = 0; i < count; i++)
		any_name(history, &names[i]);
	program_create(&history->program, names, count, later, cancelled);
}

/* One of those that were promised, or NULL. */
static const struct username *any_user(struct history *history, struct username *name)
{
	const struct roster *roster = &history->program.roster;

	for (unsigned tries = 0; roster->count > 0 && tries < 8; tries++) {
		const struct roster_entry *entry =
			&roster->entries[dice_roll(&history->dice, roster->count)];
		if (entry->state != ROSTER_THERE)
			continue;
		*name = entry->username;
		return name;
	}
	return NULL;
}

static void change(struct history *history)
{
	struct username removed, renamed, to, created;
	struct dice *dice = &history->dice;
	struct program_changes changes = {0};

	if (history->program.is_restored)
		return; /* nobody was promised yet */
	if (dice_once_in(dice, 2))
		changes.removed = any_user(history, &removed);
	if (dice_once_in(dice, 2))
		changes.renamed = any_user(history, &renamed);
	if (changes.removed != NULL && changes.renamed != NULL &&
		removed.key_length == renamed.key_length &&
		memcmp(removed.key, renamed.key, removed.key_length) == 0)
		changes.removed = NULL;
	new_name(history, &to);
	changes.to = &to;
	if (dice_once_in(dice, 3))
		changes.seats = 1000000 + ++history->seats;
	new_name(history, &created);
	if (dice_once_in(dice, 2))
		changes.created = &created;
	program_change(&history->program, &changes);
}

static void stop(struct history *history)
{
	program_stop(&history->program);
}

static void start(struct history *history)
{
	(void)program_start(&history->program); /* or the next time */
}

static void take_out(struct history *history)
{
	const struct roster *roster = &history->program.roster;

	if (roster->count == 0)
		return;
	struct username name = roster->entries[dice_roll(&history->dice, roster->count)].username;
	program_remove(&history->program, &name);
}

static void compact(struct history *history)
{
	program_compact(&history->program);
}

static void import(struct history *history)
{
	struct username names[MOST_BATCH];
	size_t count = 1 + dice_roll(&history->dice, MOST_BATCH);

	for (size_t i = 0; i < count; i++)
		new_name(history, &names[i]);
	program_import(&history->program, names, count);
}

/* A line of nonsense after the header. */
static void damage(struct history *history)
{
	struct simulated_disk *disk = history->program.disk;
	const struct buffer *file = simulated_disk_visible(disk, JOURNAL_NAME);
	struct buffer spoilt = {0};

	if (file == NULL || !simulated_disk_is_settled(disk, JOURNAL_NAME))
		return;
	const char *end = memchr(file->bytes, '\n', file->length);
	size_t header = end != NULL ? (size_t)(end - file->bytes) + 1 : 0;
	buffer_append(&spoilt, file->bytes, header);
	buffer_string(&spoilt, "nonsense\n");
	buffer_append(&spoilt, file->bytes + header, file->length - header);
	simulated_disk_put(disk, JOURNAL_NAME, &spoilt, true);
	buffer_free(&spoilt);
	history->is_damaged = true;
	explorer_set_damaged(history->explorer, true);
}

/* The last line feed is taken off, as some editors do. */
static void untidy(struct history *history)
{
	struct simulated_disk *disk = history->program.disk;
	const struct buffer *file = simulated_disk_visible(disk, JOURNAL_NAME);
	struct buffer shorter = {0};

	if (file == NULL || !simulated_disk_is_settled(disk, JOURNAL_NAME) || file->length == 0 ||
		file->bytes[file->length - 1] != '\n' ||
		memchr(file->bytes, '\n', file->length - 1) == NULL)
		return; /* it is off already, or of a header alone it would be half */
	buffer_append(&shorter, file->bytes, file->length - 1);
	simulated_disk_put(disk, JOURNAL_NAME, &shorter, true);
	buffer_free(&shorter);
}

static void mend(struct history *history)
{
	bool is_mended =
		program_repair(&history->program) && !simulated_disk_is_dead(history->program.disk);

	history->is_damaged = history->is_damaged && !is_mended;
	explorer_set_damaged(history->explorer, history->is_damaged);
}

static const struct action of_server[] = {
	{"create", create, 6},
	{"change", change, 3},
	{"stop", stop, 2},
	{NULL, NULL, 0},
};

static const struct action of_operator[] = {
	{"start", start, 8},
	{"remove", take_out, 4},
	{"compact", compact, 2},
	{"import", import, 1},
	{"damage", damage, 1},
	{"untidy", untidy, 1},
	{"repair", mend, 1},
	{NULL, NULL, 0},
};

/* Of a file that is damaged, or not yet promised. */
static const struct action of_repair[] = {
	{"start", start, 1}, {"repair", mend, 2}, {NULL, NULL, 0}};
static const struct action of_start[] = {{"start", start, 1}, {NULL, NULL, 0}};

static const struct action *choose(struct history *history)
{
	const struct action *actions = of_operator;
	unsigned sum = 0;

	if (history->program.store != NULL)
		actions = of_server;
	else if (history->is_damaged)
		actions = of_repair;
	else if (history->program.is_restored)
		actions = of_start;
	for (const struct action *action = actions; action->run != NULL; action++)
		sum += action->weight;
	uint64_t roll = dice_roll(&history->dice, sum);
	while (roll >= actions->weight)
		roll -= actions++->weight;
	return actions;
}

/* Lets something go wrong in the next calls, now and then. */
static void set_trap(struct history *history)
{
	static const int causes[] = {EIO, ENOSPC, EINTR};
	struct dice *dice = &history->dice;
	struct simulated_disk *disk = history->program.disk;

	if (dice_once_in(dice, 3))
		simulated_disk_fail(disk, &(struct simulated_fault){.after = dice_roll(dice, 10),
						  .cause = causes[dice_roll(dice, 3)],
						  .is_short = dice_once_in(dice, 3)});
	if (dice_once_in(dice, 5))
		simulated_disk_kill(disk, dice_roll(dice, 15));
}

static struct simulated_disk *after_power_cut(struct history *history)
{
	const struct simulated_disk *disk = history->program.disk;
	struct simulated_crash crash = SIMULATED_CRASH_FIRST;
	uint64_t ways = 1;

	while (simulated_crash_next(disk, JOURNAL_NAME, &crash))
		ways++;
	crash = SIMULATED_CRASH_FIRST;
	for (uint64_t way = dice_roll(&history->dice, ways); way > 0; way--)
		(void)simulated_crash_next(disk, JOURNAL_NAME, &crash);
	return simulated_crash_disk(
		disk, JOURNAL_NAME, &crash, dice_roll(&history->dice, UINT64_MAX));
}

/* The process has died, alone or with the machine. */
static void bury(struct history *history)
{
	struct program *program = &history->program;
	enum recovery_lock lock = RECOVERY_LOCK_HELD;
	unsigned boot = simulated_disk_boot(program->disk);

	program_stop(program);
	if (dice_once_in(&history->dice, 2)) {
		adopt(history, simulated_disk_copy(program->disk));
	} else {
		adopt(history, after_power_cut(history));
		lock = (enum recovery_lock)dice_roll(&history->dice, RECOVERY_LOCKS);
	}
	recovery_set_lock(program->directory, lock, boot);
	program->is_restored = false;
}

/* A file that is there before the program is, or a link to one, whose name the disk does not have
 * yet. */
static void restore(struct history *history)
{
	struct program *program = &history->program;
	struct buffer file = {0};

	header_append(&file, 0);
	for (uint64_t number = 1; number <= 3; number++) {
		struct username name;
		new_name(history, &name);
		record_append(&file, &(struct record){.operation = OPERATION_CREATED,
					     .number = number,
					     .name = name.text,
					     .name_length = name.length});
		roster_ask(&program->roster, roster_name(&program->roster, &name), 0);
	}
	bool is_linked = dice_once_in(&history->dice, 2);
	simulated_disk_put(program->disk,
		is_linked ? SIMULATED_ELSEWHERE JOURNAL_NAME : JOURNAL_NAME, &file, false);
	if (is_linked)
		simulated_disk_link(program->disk, JOURNAL_NAME);
	buffer_free(&file);
	program->is_restored = true;
}

static void step(struct history *history, unsigned number)
{
	struct program *program = &history->program;
	const struct action *action = choose(history);

	explorer_step(history->explorer, number, action->name);
	set_trap(history);
	action->run(history);
	if (simulated_disk_is_dead(program->disk))
		bury(history);
	else if (program->store != NULL)
		explorer_look(history->explorer, program->disk);
	if (program->failure[0] != '\0')
		explorer_fail(history->explorer, program->failure);
}

char *history_run(uint64_t seed, uint64_t *states)
{
	struct history history = {.dice = {.state = seed}};

	temporary_directory_make(&history.directory);
	history.explorer = explorer_open(seed);
	program_open(&history.program, history.directory.path);
	adopt(&history, simulated_disk_open(seed));
	if (dice_once_in(&history.dice, 3))
		restore(&history);
	for (unsigned i = 1; i <= STEPS && explorer_failure(history.explorer) == NULL; i++)
		step(&history, i);
	simulated_disk_watch(history.program.disk, NULL, NULL);
	program_close(&history.program);
	if (history.program.failure[0] != '\0')
		explorer_fail(history.explorer, history.program.failure);
	simulated_disk_close(history.program.disk);
	*states += explorer_states(history.explorer);
	const char *failure = explorer_failure(history.explorer);
	char *report = failure != NULL ? memory_printf("%s", failure) : NULL;
	explorer_close(history.explorer);
	temporary_directory_remove(&history.directory);
	return report;
}
