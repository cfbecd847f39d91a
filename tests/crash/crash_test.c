/*
 * Stops the machine at every point of made-up histories, in every way it can be stopped, and holds
 * what the program finds when it starts again against what it had promised.
 *
 *	crash_test               the histories of seeds 1, 2, 3... until there are 100,000 states,
 *and one of a seed that is new each time crash_test --states N    until there are so many
 *	crash_test --seed N      that history; so does ROLLCALL_CRASH_SEED=N
 */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crash/history.h"

#define LEAST_STATES  100000
#define LARGEST_PIECE (32 << 20) /* that malloc() can be told not to map */
#define KEPT_MEMORY   (1 << 30)

static bool passes(uint64_t seed, uint64_t *states)
{
	char *report = history_run(seed, states);

	if (report == NULL)
		return true;
	printf("a promise was broken\n%sto see it again: --seed %" PRIu64 "\n", report, seed);
	free(report);
	return false;
}

static bool one_passes(uint64_t seed)
{
	uint64_t states = 0;
	bool is_passed = passes(seed, &states);

	printf("seed %" PRIu64 ": %" PRIu64 " states\n", seed, states);
	return is_passed;
}

static bool all_pass(uint64_t least)
{
	uint64_t states = 0, last = 0, random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		random = 0;
	random %= 1000000000;
	while (states < least)
		if (!passes(++last, &states))
			return false;
	printf("seeds 1 to %" PRIu64 " and %" PRIu64 "\n", last, random);
	fflush(stdout); /* whatever comes of the last */
	bool is_passed = passes(random, &states);
	printf("%" PRIu64 " states\n", states);
	return is_passed;
}

static uint64_t number(const char *text)
{
	char *end;

	errno = 0;
	uint64_t value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0') {
		printf("not a number: %s\n", text);
		exit(EXIT_FAILURE);
	}
	return value;
}

/* What opening a file takes is taken a hundred thousand times: it shall not go back to the system
 * in between, which costs more than all the rest. */
static void keep_memory(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGEST_PIECE);
	mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
}

int main(int argc, char **argv)
{
	const char *seed = getenv("ROLLCALL_CRASH_SEED");
	uint64_t least = LEAST_STATES;

	keep_memory();
	if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
		seed = argv[2];
	} else if (argc == 3 && strcmp(argv[1], "--states") == 0) {
		least = number(argv[2]);
	} else if (argc != 1) {
		printf("usage: %s [--seed N | --states N]\n", argv[0]);
		return EXIT_FAILURE;
	}
	return (seed != NULL ? one_passes(number(seed)) : all_pass(least)) ? EXIT_SUCCESS
									   : EXIT_FAILURE;
}
