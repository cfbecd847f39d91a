#ifndef ROLLCALL_SITE_STREAMS_H
#define ROLLCALL_SITE_STREAMS_H

#include <stddef.h>

#include "options/options.h"
#include "routes/site.h"

/*
 * What of a site goes on beside its requests: live lists, the page of the loop with the clients
 * that follow it, and long responses. All have handles of the loop, none of which keeps it alive.
 */

struct uv_loop_s;

/* With a store, and room for so many connections. */
void site_streams_open(struct site *site, const struct options *options, struct uv_loop_s *loop,
	size_t connections);

/* The options have changed. */
void site_streams_change(struct site *site, const struct options *options, size_t connections);

/* Ends all streams, and later ones as soon as they begin. If they were not opened, it does nothing,
 * like the next two. */
void site_streams_stop(struct site *site);

/* After the loop has run: the rest ends. The loop has to run once more before they are closed. */
void site_streams_end(struct site *site);
void site_streams_close(struct site *site);

#endif
