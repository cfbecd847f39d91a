#ifndef ROLLCALL_TESTS_DATABASE_PROXY_FAULTS_H
#define ROLLCALL_TESTS_DATABASE_PROXY_FAULTS_H

#include <stdbool.h>

/* What can go wrong with one query, in the order of its way. The server has stored what it asks
 * for only where this says so. */
enum fault_kind {
	FAULT_NONE,
	/* Nothing reaches the server. */
	FAULT_CUT_BEFORE_BIND, /* cut-before-bind: both connections are closed */
	FAULT_CUT_IN_REQUEST,  /* cut-in-request: half of it is passed on, then as above */
	FAULT_ERROR,           /* error:SQLSTATE is the answer */
	/* The server has begun. */
	FAULT_CUT_BEFORE_SYNC, /* cut-before-sync: all but the Sync is passed on, then as above */
	FAULT_ROLLBACK,        /* rollback: the transaction is rolled back, and the answer has rows
				* and the tag ROLLBACK */
	/* The command `release` passes the query on: until then the client waits, or was cut off.
	 */
	FAULT_STALL_REQUEST, /* stall-request */
	FAULT_STALL_SYNC,    /* stall-sync: only the Sync is held; the server has done all before */
	FAULT_LATE,          /* late */
	/* The server has committed. */
	FAULT_SWALLOW,       /* swallow: no byte of the answer is passed on; closed */
	FAULT_CUT_IN_ANSWER, /* cut-in-answer: half of it is passed on; closed */
	FAULT_ERROR_AFTER,   /* error-after:SQLSTATE is the answer */
	FAULT_STALL_READY,   /* stall-ready: its end, ReadyForQuery, is passed on at `release` */
	FAULT_STALL_ANSWER,  /* stall-answer: all of it is */
	FAULT_WARNING,       /* warning: WARNING 01000, and a NOTICE, come before CommandComplete */
};

struct fault {
	enum fault_kind kind;
	const char *name;
	char sqlstate[6];
};

/* Says what is to fail from now on: every `every`-th query with `sql` in its text, `times` times at
 * most, in sessions that have prepared a query with `beside` in its text. `name` is one of those
 * above. False if there is no such fault. */
bool faults_arm(
	const char *name, unsigned every, unsigned times, const char *sql, const char *beside);

/* Nothing fails any more. */
void faults_disarm(void);

/* What was told last; never NULL. */
const char *faults_beside(void);

/* What is to fail at this query, which counts as one. */
struct fault faults_next(const char *sql);

#endif
