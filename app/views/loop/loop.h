#ifndef ROLLCALL_VIEWS_LOOP_LOOP_H
#define ROLLCALL_VIEWS_LOOP_LOOP_H

#include "base/meters/minute.h"
#include "event_loop/loop_watch.h"
#include "views/html.h"
#include "views/sheet_text.h"

/* What the loop did in the last second and the last minute. It has no names of users in it. */
struct loop_view {
	const struct sheet_text *sheet;
	const struct minute *minute;
	const struct loop_alive *alive;
	const struct pool_meters *pool; /* for the jobs in it */
	uint64_t now;                   /* on the clock of these */
};

/* The page. */
void loop_view(struct buffer *out, const struct loop_view *view);

/* The parts of it that change, one after the other: each is one element with an id. */
void loop_parts_view(struct buffer *out, const struct loop_view *view);

#endif
