#ifndef ROLLCALL_STORE_DATABASE_LINK_H
#define ROLLCALL_STORE_DATABASE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "store/database/database_address.h"
#include "store/database/libpq.h"
#include "store/database/parameters.h"
#include "store/database/rows.h"

/*
 * A connection to the database, which is made again for ever: to the hosts of the address in turn,
 * each of their addresses for 2 s, one round without a pause, and then with pauses of 50 ms to 1 s.
 * Queries are sent one behind the other without waiting, each in a transaction of its own, and are
 * answered in their order. Loop thread only. Every callback comes from the loop: none before the
 * function returns that brought it about.
 *
 * Nothing is ever cancelled at the server: it would end a commit's wait for a standby as if that
 * were a success. A query that is late costs the connection.
 */
struct link;

/* libuv's uv_loop_t. */
struct uv_loop_s;

/* Prepared on each new connection. */
struct statement {
	const char *name;
	const char *sql;
	int parameters;
	const Oid *types; /* enum database_type, one for each parameter */
};

/* Called when link_is_ready() has become another; also when it is not and link_reason() has. */
typedef void link_changed_cb(void *argument);

struct link_settings {
	struct uv_loop_s *loop;
	struct log *log;
	/* These stay until link_close(). */
	const struct libpq *libpq;
	const struct database_address *address;
	const struct statement *statements;
	size_t statement_count;
	/* The server takes no changes by it, and ends queries after 2 s. */
	bool is_reader;
	bool lets_loop_end;       /* nothing of the link keeps the loop alive */
	link_changed_cb *changed; /* or NULL */
	void *argument;
};

enum link_outcome {
	/* It was committed. `rows` is what it gave. */
	LINK_DONE,
	/* The server refused it, for a reason of the query's own: nothing was changed. `sqlstate`
	 * and link_said() say why. */
	LINK_REFUSED,
	/* It is not known whether it was committed. The connection was lost (link_is_ready() is
	 * false by now); or the server said something that makes it doubtful, and the link may be
	 * ready: a change is to be sent again, as soon as it is. `sqlstate` is empty if no server
	 * said anything. */
	LINK_LOST,
};

/* `rows` is NULL but for LINK_DONE, and valid until this returns. `sqlstate` is never NULL. It may
 * send and forget queries, and stop the link. */
typedef void link_answered_cb(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate);

/*
 * A query. It is the caller's: from link_send() on it must stay where it is until `answered` is
 * called, or it is forgotten, or the link is stopped; then it may be freed, or sent again. The
 * parameters can be changed or freed as soon as link_send() has returned.
 */
struct link_query {
	const struct statement *statement; /* one of the link's */
	struct parameters parameters;
	/* The connection is given up when the answer is not there so long after the query became
	 * the oldest one under way: those before it take their own time. So how many are under way
	 * is what bounds the time from link_send(). */
	uint64_t timeout_ms;
	link_answered_cb *answered;
	void *argument;
	struct link_flight *flight; /* the link's; NULL while it is not under way */
};

/* Begins to connect. */
struct link *link_open(const struct link_settings *settings);

/* Whether queries can be sent. */
bool link_is_ready(const struct link *link);

/* While it is not ready: why, in words; "" before anything has failed. */
const char *link_reason(const struct link *link);

/* While it is not ready: whether every host of the last round refused the program for good
 * (refusal.h). Of a host with several addresses one is enough: it may not listen at the others. */
bool link_is_refused(const struct link *link);

/* The host that it is connected to, or the last that it tried, for people; "" before. */
const char *link_host(const struct link *link);

/* Only while it is ready. `answered` will be called, once. */
void link_send(struct link *link, struct link_query *query);

/* `answered` is not called any more, and the query can be freed. What was sent is done by the
 * server all the same. A query that is not under way is fine. */
void link_forget(struct link *link, struct link_query *query);

/* Within `answered`, of LINK_REFUSED and LINK_LOST: what the server said, or what happened, in
 * words. */
const char *link_said(const struct link *link);

/* No callback is called any more; all queries are forgotten. The loop must run to its end before
 * link_close(). NULL is fine for both. */
void link_stop(struct link *link);
void link_close(struct link *link);

#endif
