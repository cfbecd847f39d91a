#ifndef ROLLCALL_TESTS_FUZZ_EVENT_LOOP_REQUESTS_MODEL_H
#define ROLLCALL_TESTS_FUZZ_EVENT_LOOP_REQUESTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "fuzz/event_loop/records_check.h"
#include "fuzz/fuzz.h"
#include "options/options.h"

/* What happens after a record: the bits of the reserved byte of its header. */
#define ACTION_WORK   0x01u /* the worker runs until it has nothing to do */
#define ACTION_TENTH  0x02u /* of a second passes */
#define ACTION_SECOND 0x04u
#define ACTION_MINUTE 0x08u
/* Only of a peer that does as it likes: */
#define ACTION_DEAF   0x10u /* it stops to read, or begins again */
#define ACTION_FINISH 0x20u /* it closes its sending side */
#define ACTION_DISK   0x40u /* the disk is full, or has room again */
#define ACTION_ANEW   0x80u /* it closes the connection, and opens another */

/* Bytes of the connection after which something else happens. */
struct segment {
	size_t from;
	size_t next;
	unsigned actions;
};

/* The one after this; false if there is none. What comes before a record that aborts a request is a
 * segment: whether the request had begun to be stored must not depend on how the bytes were cut. */
bool segment_next(const struct fuzz_input *input, struct segment *segment);

/* Expects that there is one END_REQUEST for each request that the input holds whole, as far as the
 * input keeps to the specification, the limits, and one request at a time. */
void requests_check(
	const struct fuzz_input *input, const struct options *options, struct records_seen seen);

#endif
