#ifndef ROLLCALL_BASE_METERS_MINUTE_H
#define ROLLCALL_BASE_METERS_MINUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/meters/meters.h"

/*
 * The last minute of the program, second by second: how much the meters grew in each, and what
 * their gauges showed at its end. One place keeps it, however many people look.
 */
#define MINUTE_SECONDS 60

/* Times are in nanoseconds. Members without other words are as those of meters.h, of one second. */
struct second {
	uint64_t length; /* that it really took: the loop may have been late */

	/* the loop */
	uint64_t turns;
	uint64_t longest_turn; /* a bound of histogram_times that no turn passed; UINT64_MAX: one
				  passed them all */
	uint64_t delayed;
	uint64_t idle;
	uint64_t busy[PHASES];
	uint64_t callbacks[PHASES];

	/* requests */
	uint64_t requests;
	uint64_t request_time; /* of all of them together */
	uint64_t requests_under_way;
	uint64_t refused;

	/* connections */
	uint64_t open;
	uint64_t resting; /* idle */
	uint64_t most;    /* limit */
	uint64_t accepted;
	uint64_t closed;
	bool is_paused;

	/* the pool */
	uint64_t threads;
	uint64_t threads_busy;
	uint64_t jobs_waiting;
	uint64_t jobs;      /* that ended */
	uint64_t jobs_time; /* that they ran */

	/* live lists */
	uint64_t streams;
	uint64_t streams_blocked;
	uint64_t streams_most;
	uint64_t parts; /* sent */

	/* the disk, or the database that the users are in */
	bool is_database;
	uint64_t users;
	uint64_t pending;
	uint64_t under_way;
	bool is_failing;
	uint64_t created;
	uint64_t batches;
	uint64_t stored; /* users and changes in them */
	uint64_t write_time;
	uint64_t sync_time;
	uint64_t trip_time; /* of batches to a database and back */
	uint64_t stuck;     /* for how long now one batch has been on its way, in whole seconds */
};

struct minute {
	struct second seconds[MINUTE_SECONDS]; /* a ring */
	uint64_t count;                        /* of all there have been */
	uint64_t sampled;                      /* when the last one ended */
	struct meters_mark {
		struct loop_meters loop;
		struct pool_meters pool;
		struct connection_meters connections;
		struct stream_meters streams;
		struct sign_up_meters sign_ups;
		struct disk_meters disk;
		uint64_t trip_time;
		uint64_t requests;
		uint64_t request_time;
		uint64_t refused;
	} mark; /* what the meters showed then */
};

/* The first second begins now. */
void minute_begin(struct minute *minute, const struct meters *now, uint64_t clock);

/* A second has passed. */
void minute_add(struct minute *minute, const struct meters *now, uint64_t clock);

/* How many seconds it has, at most MINUTE_SECONDS; and the one that ended so many ago: 0 is the
 * newest. One that it does not have is zeroed. */
size_t minute_length(const struct minute *minute);
const struct second *minute_at(const struct minute *minute, size_t ago);

#endif
