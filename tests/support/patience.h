#ifndef ROLLCALL_TESTS_SUPPORT_PATIENCE_H
#define ROLLCALL_TESTS_SUPPORT_PATIENCE_H

#include <stdint.h>

/*
 * How long a test waits for what must happen. It is so long that only a fault reaches its end, also
 * under valgrind on a busy machine; the test fails then. Nothing is ever expected to be quicker
 * than something else.
 */
#define PATIENCE_MS 60000

/* When the patience of a wait that begins now is over. */
int64_t patience_begin(void);

/* Waits until poll() reports one of `events`, an error or a hang-up on the descriptor, and returns
 * what it reports. Fails the test when the patience is over; `awaited` says what for. */
short patience_poll(int descriptor, short events, int64_t until, const char *awaited);

/* Until so much time has passed, where that is what the test is about. */
void patience_let_pass(int milliseconds);

/* Fails the test when the patience is over: for loops that do something else than wait. */
void patience_check(int64_t until, const char *awaited);

#endif
