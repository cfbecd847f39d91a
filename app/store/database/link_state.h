#ifndef ROLLCALL_STORE_DATABASE_LINK_STATE_H
#define ROLLCALL_STORE_DATABASE_LINK_STATE_H

#include <netdb.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/reason.h"
#include "store/database/link.h"

/* A link, for the files that make it up: link.c, with what its callers see, and its end;
 * link_connect.c, which makes the connection; link_results.c, which takes what comes by it. */

enum link_state {
	LINK_WAITING,    /* the timer begins another try */
	LINK_RESOLVING,  /* a host's addresses are looked up */
	LINK_CONNECTING, /* libpq is connecting, and logging in */
	LINK_PREPARING,  /* settings and statements are under way */
	LINK_READY,
	LINK_BROKEN, /* a query could not be sent: the timer tells of the loss on the next turn */
	LINK_STOPPED,
};

enum flight_kind {
	FLIGHT_SETTING,   /* may fail: other engines do not know it */
	FLIGHT_STATEMENT, /* is being prepared; or a setting that may not fail */
	FLIGHT_QUERY,
};

/* What was sent and is not answered. */
struct link_flight {
	TAILQ_ENTRY(link_flight) next;
	enum flight_kind kind;
	struct link_query *query; /* NULL: it was forgotten, or there is none */
	uint64_t timeout;         /* milliseconds */
	uint64_t due;             /* on the loop's clock; once it is the oldest */
	PGresult *result;         /* what it gave, or NULL */
	bool has_failed;
	bool is_doubtful; /* what was committed may be lost, or was rolled back */
	char sqlstate[6];
};

struct link {
	struct link_settings settings;
	enum link_state state;
	PGconn *connection; /* NULL but from LINK_CONNECTING on */
	uv_poll_t *poll;    /* of its socket; NULL: there is none */
	int events;         /* that it waits for */
	uv_timer_t timer;
	struct link_lookup *lookup; /* of LINK_RESOLVING */
	struct addrinfo *addresses; /* of the host */
	struct addrinfo *untried;   /* those of them that are left, or NULL */
	size_t host;                /* by its number in the address */
	size_t tried;               /* hosts, in this round */
	bool is_final;              /* what is going wrong (refusal.h) */
	bool host_refuses;          /* for good, at one of its addresses */
	bool has_hope;              /* a host of this round does not */
	bool is_refused;            /* by all hosts of the last round */
	unsigned failures;          /* rounds, and connections, that were of no use */
	TAILQ_HEAD(, link_flight) flights;
	struct reason host_text; /* for people */
	struct reason reason;    /* why it is not ready */
	struct reason logged;    /* what was logged of that */
	struct reason said;      /* of the flight that is being answered */
	struct reason ended;     /* by the server, while nothing was under way */
};

/* link.c */

/* The connection failed or is lost: it is closed, whatever was under way is answered, and there
 * will be another try. */
void link_lose(struct link *link, const char *reason);

/* The same, for libpq's last error. */
void link_lose_by_error(struct link *link);

/* Watches the oldest flight: its time begins, since the server is about to do it. */
void link_watch_oldest(struct link *link);

/* Adds what was just sent. */
struct link_flight *link_fly(struct link *link, enum flight_kind kind, uint64_t timeout);

/* Sends what libpq has in its buffer, and waits for what the socket is to do. False: the connection
 * is lost, and nothing was done about that. */
bool link_flush(struct link *link) MUST_CHECK;

/* Waits for the socket in another way. libpq changes sockets, also for one of the same number,
 * while it connects: so there is no handle while it does. */
bool link_poll_open(struct link *link, int events, uv_poll_cb ready) MUST_CHECK;
void link_poll_close(struct link *link);

/* Has the timer go off. */
void link_wake(struct link *link, uint64_t milliseconds);

/* Tells of a flight that was taken off the list, and frees it. */
void link_answer(struct link *link, struct link_flight *flight, enum link_outcome outcome);

/* link_connect.c */

/* Sets the time of the next try: at once, if there are hosts left in this round, or the connection
 * that was lost had been of use. */
void link_schedule(struct link *link, bool was_ready);

/* The timer went off before the link was ready. */
void link_time_passed(struct link *link);

/* All of LINK_PREPARING was answered. */
void link_prepared(struct link *link);

/* Stops looking a name up, and forgets the addresses. */
void link_forget_host(struct link *link);

/* link_results.c */

/* Takes what has arrived, and loses the link if its end has. */
void link_receive(struct link *link);

/* uv_poll_cb, from LINK_PREPARING on. */
void link_on_socket(uv_poll_t *poll, int status, int events);

/* PQnoticeReceiver */
void link_on_notice(void *argument, const PGresult *notice);

#endif
