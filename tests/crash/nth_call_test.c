/* Everything the program does with its files, with one call after the other going wrong. */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crash/program.h"
#include "crash/recovery.h"
#include "store/flat_file/header.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/record.h"
#include "support/disk/simulated_crash.h"
#include "support/temporary_directory.h"

/* A sync that fails leaves this or that on the disk, whatever the reason. */
#define SEEDS 5

/* For the locks of the program, and of one that starts on what a power cut left of its disk. */
struct fixture {
	struct temporary_directory own;
	struct temporary_directory other;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	temporary_directory_make(&fixture->own);
	temporary_directory_make(&fixture->other);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	temporary_directory_remove(&fixture->own);
	temporary_directory_remove(&fixture->other);
	free(fixture);
	return 0;
}

static struct username username(const char *text)
{
	struct username name;

	assert_int_equal(username_parse(text, strlen(text), &name), USERNAME_FINE);
	return name;
}

/* The file has a user who was promised. */
static void add_promised(struct program *program, struct buffer *file, const char *text)
{
	struct username name = username(text);
	struct user user = {.number = 1, .name = name.text, .name_length = name.length};

	record_append(file, &(struct record){.operation = OPERATION_CREATED,
				    .number = user.number,
				    .name = user.name,
				    .name_length = user.name_length});
	roster_promise(&program->roster, roster_name(&program->roster, &name), &user);
}

static void put_torn_file(struct program *program)
{
	struct buffer file = {0};

	header_append(&file, 0);
	add_promised(program, &file, "before");
	buffer_string(&file,
		"0123abcd\t+\t2\t2026-01-02T03:04:05.678Z\twhose record is longer than "
		"the next one\nand ends in the mi");
	simulated_disk_put(program->disk, JOURNAL_NAME, &file, true);
	buffer_free(&file);
}

static void open_program(struct program *program, const char *directory, uint64_t seed)
{
	program_open(program, directory);
	program->disk = simulated_disk_open(seed);
	recovery_set_lock(directory, RECOVERY_LOCK_CLEAN, 0);
	put_torn_file(program);
}

static void close_program(struct program *program)
{
	struct simulated_disk *disk = program->disk;

	program_close(program);
	simulated_disk_close(disk);
}

/* Starts the server, at the second try if something went wrong in the first: it is over then. */
static void start(struct program *program)
{
	bool had_failed = simulated_disk_has_failed(program->disk);

	if (program_start(program))
		return;
	if (had_failed || !simulated_disk_has_failed(program->disk))
		program_break(program, "does not start, though nothing goes wrong any more");
	else if (!program_start(program))
		program_break(program, "does not start again");
}

/* What goes wrong is over when this is asked for: unless the store has said that it takes no more,
 * the user is created. */
static void create_after(struct program *program, const char *text)
{
	struct username name = username(text);
	bool had_failed = simulated_disk_has_failed(program->disk);
	const char *reason;

	if (program->store == NULL)
		return;
	bool is_final = store_ready(program->store, &reason) == RESULT_UNAVAILABLE;
	program_create(program, &name, 1, 0, SIZE_MAX);
	if (had_failed && !is_final && roster_name(&program->roster, &name)->state != ROSTER_THERE)
		program_break(program, "refuses a user for no reason");
}

static void run_scenario(struct program *program)
{
	struct username imported[] = {username("eve"), username("frank")};
	struct username removed = username("bob");

	start(program);
	create_after(program, "alice");
	create_after(program, "bob");
	program_stop(program);
	program_remove(program, &removed);
	program_compact(program);
	program_import(program, imported, 2);
	start(program);
	create_after(program, "carol");
	program_stop(program);
}

/* What a power cut leaves is as promised. */
static void check_power_cut(struct program *program, const char *directory)
{
	char why[ROSTER_WHY_SIZE];
	struct simulated_disk *left =
		simulated_crash_disk(program->disk, JOURNAL_NAME, &SIMULATED_CRASH_FIRST, 0);

	recovery_set_lock(directory, RECOVERY_LOCK_HELD, simulated_disk_boot(program->disk));
	if (!recovery_check(left, directory, &program->roster, false, why))
		program_break(program, why);
	simulated_disk_close(left);
}

/* Now that nothing goes wrong. */
static void check_after(struct program *program, const char *other)
{
	check_power_cut(program, other);
	start(program);
	create_after(program, "dave");
	check_power_cut(program, other);
	program_stop(program);
}

/* Returns whether that call is made at all. */
static bool try_nth(
	const struct fixture *fixture, const struct simulated_fault *fault, uint64_t seed)
{
	struct program program;

	open_program(&program, fixture->own.path, seed);
	simulated_disk_fail(program.disk, fault);
	run_scenario(&program);
	bool has_failed = simulated_disk_has_failed(program.disk);
	if (has_failed)
		check_after(&program, fixture->other.path);
	char *failure = strdup(program.failure);
	close_program(&program);
	assert_non_null(failure);
	if (*failure != '\0')
		fail_msg("call %zu, errno %d%s, seed %ju: %s", fault->after + 1, fault->cause,
			fault->is_short ? ", short" : "", (uintmax_t)seed, failure);
	free(failure);
	return has_failed;
}

static void try_all(const struct fixture *fixture, struct simulated_fault fault, uint64_t seeds)
{
	for (uint64_t seed = 0; seed < seeds; seed++) {
		fault.after = 0;
		while (try_nth(fixture, &fault, seed))
			fault.after++;
		assert_in_range(fault.after, 50, 1000); /* calls that the scenario makes */
	}
}

FIXTURE_TEST(input_output_error)
{
	try_all(fixture, (struct simulated_fault){.cause = EIO}, SEEDS);
}

FIXTURE_TEST(no_room)
{
	try_all(fixture, (struct simulated_fault){.cause = ENOSPC}, 1);
}

FIXTURE_TEST(interrupted)
{
	try_all(fixture, (struct simulated_fault){.cause = EINTR}, 1);
}

FIXTURE_TEST(short)
{
	try_all(fixture, (struct simulated_fault){.is_short = true}, 1);
}

FIXTURE_TEST(room_ends_half_way)
{
	try_all(fixture, (struct simulated_fault){.cause = ENOSPC, .is_short = true}, 1);
}

FIXTURE_TEST(nothing_fails)
{
	struct program program;

	open_program(&program, fixture->own.path, 0);
	run_scenario(&program);
	assert_string_equal(program.failure, "");
	struct username removed = username("bob");
	size_t bob = roster_position(&program.roster, roster_name(&program.roster, &removed));
	for (size_t i = 0; i < program.roster.count; i++)
		assert_int_equal(
			program.roster.entries[i].state, i == bob ? ROSTER_NOBODY : ROSTER_THERE);
	assert_int_equal(program.roster.count, 6);
	close_program(&program);
}
