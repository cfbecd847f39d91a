#ifndef ROLLCALL_ROUTES_USER_EVENTS_H
#define ROLLCALL_ROUTES_USER_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

/*
 * New users as Server-Sent Events (WHATWG HTML, section 9.2): one event `user` for each, its id the
 * user's number, its data the user in JSON.
 */

/* streams_source_cb: `argument` is the store, a position is the number of the last user that was
 * sent.
 */
bool user_events_source(void *argument, uint64_t *position, struct buffer *out);

/* A comment, which clients skip: there is no new user, but the server is still there. */
extern const char user_events_sign[];

#endif
