#ifndef ROLLCALL_BASE_PROGRESS_H
#define ROLLCALL_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Told now and then that `done` of `total` bytes are gone through; more, if a file grows meanwhile.
 */
typedef void progress_cb(uint64_t done, uint64_t total);

/*
 * Tells a person who waits how far something is: a line that is written over itself, from one
 * second on, on standard error if that is a terminal. Elsewhere it says nothing. Or tells a
 * program, at once and then every second.
 */
struct progress {
	FILE *out;         /* NULL: not a terminal */
	progress_cb *tell; /* NULL: no program */
	const char *what;
	uint64_t total;
	int64_t (*clock)(void); /* milliseconds that only go up */
	int64_t due;            /* when to say something next */
	bool is_shown;
};

/* `what` is being done, and `total` bytes are to be gone through. */
void progress_begin(struct progress *progress, const char *what, uint64_t total);

/* The same on any stream, by any clock. */
void progress_begin_on(struct progress *progress, FILE *out, int64_t (*clock)(void),
	const char *what, uint64_t total);

/* For a program. */
void progress_begin_telling(
	struct progress *progress, progress_cb *tell, int64_t (*clock)(void), uint64_t total);

/* Milliseconds that only go up. */
int64_t progress_clock(void);

/* So many of them are done. Cheap enough to be called for every record. */
void progress_step(struct progress *progress, uint64_t done);

/* Wipes the line. */
void progress_end(struct progress *progress);

#endif
