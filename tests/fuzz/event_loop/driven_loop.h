#ifndef ROLLCALL_TESTS_FUZZ_EVENT_LOOP_DRIVEN_LOOP_H
#define ROLLCALL_TESTS_FUZZ_EVENT_LOOP_DRIVEN_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/*
 * A loop of libuv that is driven by the input, so that the same input always does the same: time
 * passes only when it is told to, jobs of the worker pool run when they are told to, on this
 * thread, and random numbers follow from the start. Log lines are made, checked and dropped. A
 * program that links it needs rollcall_fuzz_site() in CMakeLists.txt, which puts it in the place of
 * the real functions.
 */

/* Everything from the beginning: no timer, no job, the time of the start. */
void driven_loop_begin(void);

/* One turn of the loop, which waits for nothing. */
void driven_loop_turn(uv_loop_t *loop);

/* Lets so many milliseconds pass: timers that are due meanwhile expire one after the other, with a
 * turn after each. */
void driven_loop_pass(uv_loop_t *loop, uint64_t milliseconds);

/* Runs the job that has waited longest; false if there is none. Its end is followed by a turn. */
bool driven_loop_work(uv_loop_t *loop);

/* The time, as in timestamp.h. */
int64_t driven_loop_now(void);

/* Whether the log may tell of errors from now on; until then that is a fault of the program. */
void driven_loop_allow_errors(bool may_fail);

/* Expects that nothing is left: no timer, no job. */
void driven_loop_end(void);

#endif
