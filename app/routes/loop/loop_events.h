#ifndef ROLLCALL_ROUTES_LOOP_LOOP_EVENTS_H
#define ROLLCALL_ROUTES_LOOP_LOOP_EVENTS_H

#include "event_loop/streams.h"

/* The source of GET /loop/events (streams.h), for a `struct site`: what the page of the loop shows
 * after each second. Its position is how many seconds there have been. */
streams_source_cb loop_events_source;

#endif
