#ifndef ROLLCALL_STORE_FLAT_FILE_BATCH_WATCH_H
#define ROLLCALL_STORE_FLAT_FILE_BATCH_WATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "store/flat_file/journal.h"

/* Counts batches and their times for the meters. Zeroed at first. Loop thread only. */
struct batch_watch {
	uint64_t wanted; /* since when something waits for a batch; 0: nothing does */
	uint64_t ended;  /* when the disk was done with the job before */
};

/* Something waits for a batch, from the callback that runs on. */
void batch_watch_want(struct batch_watch *watch);

/* Nothing does any more, without a batch. */
void batch_watch_unwant(struct batch_watch *watch);

/* A batch of so many creates and changes goes to the disk now. */
void batch_watch_begin(struct batch_watch *watch, size_t size, uint64_t now);

/* A job is done: a batch, if the last one that was begun has not ended yet. */
void batch_watch_end(struct batch_watch *watch, enum result outcome, const struct journal *journal,
	uint64_t now);

#endif
