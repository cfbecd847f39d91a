#ifndef ROLLCALL_TESTS_CRASH_DICE_H
#define ROLLCALL_TESTS_CRASH_DICE_H

#include <stdbool.h>
#include <stdint.h>

/* Chance that can be had again: the same seed, the same rolls. */
struct dice {
	uint64_t state;
};

/* 0 to `sides` - 1. */
uint64_t dice_roll(struct dice *dice, uint64_t sides);

bool dice_once_in(struct dice *dice, uint64_t sides);

#endif
