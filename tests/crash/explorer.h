#ifndef ROLLCALL_TESTS_CRASH_EXPLORER_H
#define ROLLCALL_TESTS_CRASH_EXPLORER_H

#include <stdbool.h>
#include <stdint.h>

#include "crash/program.h"
#include "support/disk/simulated_disk.h"

/*
 * Stops the machine at every point, in every way it can be stopped, and has the program start
 * again: on copies of the disk, while the history that makes the points goes on undisturbed. The
 * process is killed, or the power goes out; of some recoveries every point is tried in the same
 * way. Nothing is tried twice. The first failure is kept, and ends the trying.
 */
struct explorer;

struct explorer *explorer_open(uint64_t seed);
void explorer_close(struct explorer *explorer);

/* From now on every call that changes the disk is a point; at those at which the program has the
 * list, a second process must be refused. Both are borrowed. */
void explorer_watch(
	struct explorer *explorer, struct simulated_disk *disk, const struct program *program);

/* This is one too. */
void explorer_look(struct explorer *explorer, const struct simulated_disk *disk);

/* What is being done, for the report. */
void explorer_step(struct explorer *explorer, unsigned number, const char *what);

/* Somebody spoilt the file, so recovering may need a repair. */
void explorer_set_damaged(struct explorer *explorer, bool is_damaged);

/* Something else went wrong. */
void explorer_fail(struct explorer *explorer, const char *why);

/* How many different states were tried, and the report of the first that failed, or NULL. */
uint64_t explorer_states(const struct explorer *explorer);
const char *explorer_failure(const struct explorer *explorer);

#endif
