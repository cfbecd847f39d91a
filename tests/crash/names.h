#ifndef ROLLCALL_TESTS_CRASH_NAMES_H
#define ROLLCALL_TESTS_CRASH_NAMES_H

#include "crash/dice.h"
#include "store/names/username.h"

/* A username that no other number has: short, long, or as long in bytes as one can be, so that
 * records end anywhere in a sector and some are longer than one. */
void names_make(struct dice *dice, unsigned number, struct username *username);

#endif
