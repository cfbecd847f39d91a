#ifndef ROLLCALL_TESTS_STORE_JUDGE_H
#define ROLLCALL_TESTS_STORE_JUDGE_H

#include "store/witness.h"

/*
 * Reopens the store, reads all its users, and holds every note of the witness against them: what
 * was told must have been so at one moment between question and answer. Fails the test with the
 * first complaint. Nothing may be under way.
 */
void judge(struct witness *witness);

#endif
