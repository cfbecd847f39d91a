#ifndef ROLLCALL_ROUTES_USER_EVENTS_H
#define ROLLCALL_ROUTES_USER_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "event_loop/streams.h"

/*
 * What happens to the list, as Server-Sent Events (WHATWG HTML, section 9.2), each with data in
 * JSON: `user` for each new user, `removed`, `renamed`; `sheet` when a stream begins and when the
 * sheet opens, closes, is full or says something else; `reload` when the list has to be read anew,
 * because it is not known any more what the client has missed.
 */

/* streams_source_cb and streams_due_cb: `argument` is the site. */
bool user_events_source(void *argument, struct streams_position *position, struct buffer *out);
uint64_t user_events_due(void *argument);

/* A comment, which clients skip: nothing has happened, but the server is still there. */
extern const char user_events_sign[];

#endif
