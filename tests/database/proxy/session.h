#ifndef ROLLCALL_TESTS_DATABASE_PROXY_SESSION_H
#define ROLLCALL_TESTS_DATABASE_PROXY_SESSION_H

#include <uv.h>

/*
 * One connection of a client, and the one to the server that belongs to it. Messages are passed on
 * as they are, a query as a whole once its Sync is there, but for what faults.h has fail. Each
 * fault says `fired NAME` on standard output when it has happened, and `released NAME` when what
 * it held has been passed on (of a late query: and answered). `fired mute` is said of a new
 * connection that has spoken and hears nothing.
 */

/* What a new connection meets. */
enum session_welcome {
	SESSION_SERVED,
	SESSION_MUTE,  /* nothing is ever said */
	SESSION_ERROR, /* the startup is answered with an error */
};

/* Takes the connection that waits at the listener. `server` is the path of the server's socket,
 * `sqlstate` that of SESSION_ERROR. */
void session_open(uv_stream_t *listener, const char *server, enum session_welcome welcome,
	const char *sqlstate);

/* Both connections of every session are closed. */
void sessions_cut(void);

/* What faults hold is passed on. */
void sessions_release(void);

#endif
