#ifndef ROLLCALL_TESTS_CRASH_HISTORY_H
#define ROLLCALL_TESTS_CRASH_HISTORY_H

#include <stdint.h>

/*
 * The life of a data directory, made up from a seed: users who sign up in batches, removals,
 * compactions, imports, calls that fail, ends clean and unclean, power cuts, damage and repair.
 * explorer.h stops the machine at every point of it. Adds to `states` how many states were tried.
 * The report of what went wrong, to be freed, or NULL.
 */
char *history_run(uint64_t seed, uint64_t *states);

#endif
