#ifndef ROLLCALL_BASE_METERS_METERS_H
#define ROLLCALL_BASE_METERS_METERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/meters/histogram.h"

/*
 * What the program counts and measures of itself, for GET /metrics, GET /loop and the watchdog. A
 * process has one set, as it has one event loop. Counters only grow, and readers take differences;
 * what can shrink is called a gauge here. Times are in nanoseconds, sizes in bytes.
 *
 * Only the loop thread touches them: there is no lock, and nothing is allocated. A job on a thread
 * of the pool keeps its times in what it owns, and hands them over when it is done.
 */

/* The phases of a turn, in their order (docs/architecture.md). Idle handles, which run before the
 * poll phase, count as pending. */
enum loop_phase { PHASE_TIMERS, PHASE_PENDING, PHASE_POLL, PHASE_CHECK, PHASE_CLOSE, PHASES };

/* By event_loop/loop_watch.c. */
struct loop_meters {
	uint64_t turns;
	struct histogram turn;      /* time of a turn, without what it waited in the poll phase */
	uint64_t busy[PHASES];      /* time, without waiting */
	uint64_t callbacks[PHASES]; /* that ran */
	uint64_t idle;              /* time waiting in the poll phase */
	uint64_t delayed;           /* turns that the watchdog logged */
};

/* A job of the worker pool that has not come back. */
struct job_meter {
	const char *name; /* NULL: this place is free */
	uint64_t since;   /* it was handed over */
};

/* More than there ever are at once; any further job has no place, but counts. */
#define METERS_JOBS 8

/* By event_loop/worker_pool.c. Jobs go from the queue to a thread without the loop thread: how many
 * of each kind there are is reckoned from the number of threads. */
struct pool_meters {
	uint64_t threads; /* gauge; so are the next two */
	uint64_t queued;  /* jobs that wait for a thread */
	uint64_t busy;    /* jobs that run */
	struct job_meter jobs[METERS_JOBS];
	struct histogram waiting; /* time until a thread took a job */
	struct histogram running;
};

enum closed_cause {
	CLOSED_BY_PEER,
	CLOSED_LAST,        /* after its last response */
	CLOSED_FOR_ROOM,    /* its place was needed, or the server ends */
	CLOSED_DEADLINE,    /* nothing came in time */
	CLOSED_PROTOCOL,    /* what came is not FastCGI, or over a limit */
	CLOSED_ERROR,       /* the system failed */
	CLOSED_NOT_ALLOWED, /* an address that may not connect */
	CLOSED_CAUSES
};

/* By event_loop/. */
struct connection_meters {
	uint64_t open; /* gauge; so are the next two */
	uint64_t idle;
	uint64_t limit;
	uint64_t accepted;
	uint64_t closed[CLOSED_CAUSES];
	uint64_t pauses; /* times that accepting paused, without descriptors or places */
	bool is_paused;
	uint64_t received; /* bytes */
	uint64_t sent;
};

/* By event_loop/streams.c. */
struct stream_meters {
	uint64_t open;    /* gauge; so are the next two */
	uint64_t blocked; /* that wait for their peers to take what was sent */
	uint64_t limit;
	uint64_t begun;
	uint64_t sent; /* parts */
	uint64_t bytes;
};

/* Methods of http/request.h and statuses of http/http.c: what is counted is bounded. */
#define METERS_METHODS  7
#define METERS_STATUSES 24
#define METERS_ROUTES   48

/* Why a request was refused, as far as it is not for what it asked: names that are taken, or users
 * that are not there, are no such reasons. */
enum refused_cause {
	REFUSED_LIMIT,      /* 413, 431 */
	REFUSED_FRAMING,    /* 400 */
	REFUSED_CROSS_SITE, /* 403 */
	REFUSED_PATH,       /* 404, 405 */
	REFUSED_MEMORY,     /* 503: no memory for it */
	REFUSED_STORE,      /* 503: the store cannot take users, or does not answer */
	REFUSED_QUEUE,      /* 503: too many creates wait */
	REFUSED_STREAMS,    /* 503: too many live lists, or other streams */
	REFUSED_CAUSES
};

/* By http/. A route counts under its place in the router's table; METERS_ROUTES stands for requests
 * that no route took. */
struct request_meters {
	uint64_t count[METERS_ROUTES + 1][METERS_METHODS][METERS_STATUSES];
	struct histogram duration[METERS_ROUTES + 1]; /* last byte of the request to last byte of
							 the response given to the socket */
	uint64_t under_way;                           /* gauge */
	uint64_t bodies;                              /* bytes received */
	uint64_t responses;                           /* bytes of their bodies */
	uint64_t abandoned;
	uint64_t slow; /* logged as such */
	uint64_t refused[REFUSED_CAUSES];
};

enum sign_up_outcome {
	SIGN_UP_CREATED,
	SIGN_UP_TAKEN,
	SIGN_UP_REFUSED, /* the name, or the form cannot be read */
	SIGN_UP_CLOSED,  /* or not yet open */
	SIGN_UP_FULL,
	SIGN_UP_UNAVAILABLE,
	SIGN_UP_OUTCOMES
};

/* By routes/create_user.c. */
struct sign_up_meters {
	uint64_t outcomes[SIGN_UP_OUTCOMES];
};

/* By store/flat_file/. */
struct disk_meters {
	uint64_t users;         /* gauge; so are those up to `is_failing` */
	uint64_t bytes;         /* of the file */
	uint64_t pending;       /* creates and changes that wait for a batch */
	uint64_t under_way;     /* in the batch that is being written */
	bool is_failing;        /* the store takes no users */
	uint64_t batches;       /* written */
	uint64_t failed;        /* batches that could not be */
	struct histogram batch; /* users and changes in one */
	struct histogram write;
	struct histogram sync;
	uint64_t starved; /* time in which something waited for a batch and the disk did nothing */
};

/* By store/database/, which uses those of the disk as well, as far as they are not about a file:
 * users, what is pending and under way, batches. */
struct database_meters {
	bool is_used;         /* the store is in a database: else nothing of this is shown */
	bool is_connected;    /* gauge: a server takes changes; so is the next one */
	uint64_t waiting;     /* questions that wait for their turn or a server */
	uint64_t connections; /* that were made */
	uint64_t retries;     /* batches that were sent again, since their outcome was not known */
	uint64_t questions;   /* that were sent, but for those that only look for what is new */
	struct histogram batch;    /* time from sending a batch to its answer */
	struct histogram question; /* time from sending a question to its answer */
};

struct meters {
	struct loop_meters loop;
	struct pool_meters pool;
	struct connection_meters connections;
	struct stream_meters streams;
	struct request_meters requests;
	struct sign_up_meters sign_ups;
	struct disk_meters disk;
	struct database_meters database;
};

extern struct meters meters;

static inline void meters_refused(enum refused_cause cause)
{
	meters.requests.refused[cause]++;
}

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t meters_clock(void);

#endif
