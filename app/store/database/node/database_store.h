#ifndef ROLLCALL_STORE_DATABASE_NODE_DATABASE_STORE_H
#define ROLLCALL_STORE_DATABASE_NODE_DATABASE_STORE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/log.h"
#include "base/reason.h"
#include "base/result.h"
#include "store/store.h"

/*
 * The kind of store that keeps its users in a PostgreSQL database, which other nodes may use at the
 * same time. A question is answered at once if it is about the newest users and the database was
 * asked a moment ago. It has no imports: `rollcall import --store` is the way.
 */
struct database_store_settings {
	uv_loop_t *loop;
	struct log *log;
	const char *url;  /* postgresql://… or what else database_address.h takes */
	bool is_insecure; /* TCP without sslmode=verify-full is accepted */
	/* A hash of all that decides how pages are made of the same users: the build of the
	 * program, its options. Revisions begin with it, so that nodes with the same have the same.
	 */
	uint64_t pages;
	/* The loop is kept alive by what somebody waits for alone, and not by what keeps the store
	 * up to date. */
	bool lets_loop_end;
	struct store_limits limits;
};

/*
 * Runs the loop until the database was read, or for some seconds: nothing may be on the loop yet
 * that would mind. If no server takes connections by then, the store is opened nevertheless,
 * goes on trying, and store_ready() says why. A failure is explained in `reason`: RESULT_MISSING:
 * there is no libpq; RESULT_MALFORMED: the address; RESULT_UNAVAILABLE: the server refuses the
 * user or its password, or the database is not this program's, of another version of its schema, or
 * of other Unicode tables. After a failure the loop is as it was.
 */
enum result database_store_open(const struct database_store_settings *settings,
	struct store **opened, struct reason *reason) MUST_CHECK;

/* The key of codes that are given to users, which all nodes share: 16 bytes; NULL: it is
 * not known yet. The store tells of sheet settings when it is. */
const unsigned char *database_store_leave_key(const struct store *store);

#endif
