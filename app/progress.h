#ifndef ROLLCALL_PROGRESS_H
#define ROLLCALL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Tells a person who waits how far something is: a line that is written over itself, from one
 * second on, on standard error if that is a terminal. Elsewhere it says nothing.
 */
struct progress {
	FILE *out; /* NULL: says nothing */
	const char *what;
	uint64_t total;
	int64_t (*clock)(void); /* milliseconds that only go up */
	int64_t due;            /* when to write next */
	bool is_shown;
};

/* `what` is being done, and `total` bytes are to be gone through. */
void progress_begin(struct progress *progress, const char *what, uint64_t total);

/* The same on any stream, by any clock. */
void progress_begin_on(struct progress *progress, FILE *out, int64_t (*clock)(void),
	const char *what, uint64_t total);

/* So many of them are done. Cheap enough to be called for every record. */
void progress_step(struct progress *progress, uint64_t done);

/* Wipes the line. */
void progress_end(struct progress *progress);

#endif
