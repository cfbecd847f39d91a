#ifndef ROLLCALL_HTTP_REQUEST_LOG_H
#define ROLLCALL_HTTP_REQUEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "http/request.h"
#include "http/request_times.h"

/* What became of a request. */
struct request_outcome {
	const struct request *request;
	const struct request_times *times;
	unsigned status;
	size_t bytes;      /* of the body of the response */
	bool is_abandoned; /* the peer went before it got anything */
	bool is_endless;   /* the response went on until somebody ended it: its time says nothing */
};

/* Counts it in the meters, and logs it: a line for each, and a warning for one that took longer
 * than `slow` nanoseconds; 0: none is too slow. */
void request_log(const struct request_outcome *outcome, struct log *log, uint64_t slow);

#endif
