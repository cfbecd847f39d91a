#ifndef ROLLCALL_ROUTES_LOOP_LOOP_H
#define ROLLCALL_ROUTES_LOOP_LOOP_H

#include "event_loop/loop_watch.h"
#include "routes/site.h"
#include "views/loop/loop.h"

/* What a view of the loop is made from. */
struct loop_seen {
	struct loop_view view;
	struct loop_alive alive;
};

/* Looks at the loop of a site that has one, `site->watch`. The view is valid as long as `seen` is,
 * and until the loop turns. */
void loop_see(struct site *site, struct loop_seen *seen);

#endif
