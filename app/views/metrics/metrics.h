#ifndef ROLLCALL_VIEWS_METRICS_METRICS_H
#define ROLLCALL_VIEWS_METRICS_METRICS_H

#include "base/meters/meters.h"
#include "base/meters/process_meters.h"
#include "event_loop/loop_watch.h"
#include "http/router.h"
#include "views/metrics/exposition.h"

/* What GET /metrics says: the meters (meters.h), and what the kernel counts of the process. There
 * is no name of a user in it, and no path that a client chose. */
struct metrics_view {
	const struct meters *meters;
	const struct process_meters *process;
	const struct loop_alive *alive;
	const struct route *const *routes; /* as the router has them */
	bool is_ready;                     /* users can be stored (store_ready()) */
	uint64_t utilization;              /* of the loop, in millionths, lately */
	uint64_t log_dropped;              /* lines */
};

void metrics_view(
	struct buffer *out, enum exposition_format format, const struct metrics_view *view);

#endif
