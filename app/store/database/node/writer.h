#ifndef ROLLCALL_STORE_DATABASE_NODE_WRITER_H
#define ROLLCALL_STORE_DATABASE_NODE_WRITER_H

#include <uv.h>

#include "base/log.h"
#include "base/result.h"
#include "store/store.h"

/*
 * Creates and other changes on their way into the database. All creates that arrive while a batch
 * is under way are the next one; other changes go one at a time, in between. A batch has an id of
 * its own, and is sent again with the same one until its outcome is known: the database tells the
 * outcome of a batch that it has stored already, and stores nothing twice. A node's ids rise, from
 * a random one below 2^62: the database refuses a batch with a lower id than the last one that it
 * stored, which is a copy that arrives late.
 *
 * After a batch the head of the list is read over the same connection, in the same round trip; and
 * only when the head has taken that is anybody called back. So the node itself has read what it
 * tells of. Loop thread only.
 */
struct writer;

struct database_address;
struct head;
struct libpq;

struct writer_settings {
	uv_loop_t *loop;
	struct log *log;
	const struct libpq *libpq;              /* stays the caller's, */
	const struct database_address *address; /* and so does this, */
	struct head *head;                      /* and this */
	struct store_limits limits;
	bool lets_loop_end; /* but for what somebody waits for */
	/* RESULT_OK: users can be stored from now on; RESULT_UNAVAILABLE: not for now, and why. May
	 * be NULL. */
	void (*on_state)(void *argument, enum result state, const char *reason);
	void *argument;
};

/* Begins to connect. */
struct writer *writer_open(const struct writer_settings *settings);

/* As in store_kind.h. What is stored is found out by the database alone: `holder` is not filled in,
 * and a name that is taken, a number that is missing, are told of later. RESULT_LIMIT: too many
 * wait. RESULT_UNAVAILABLE: no server takes changes, for longer than a moment. */
enum result writer_create(struct writer *writer, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job) MUST_CHECK;
enum result writer_remove(struct writer *writer, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job) MUST_CHECK;
enum result writer_rename(struct writer *writer, uint64_t number, const struct username *username,
	store_outcome_cb *renamed, void *argument, struct store_job **job) MUST_CHECK;
enum result writer_set_sheet(struct writer *writer, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job) MUST_CHECK;

/* As store_cancel(): for jobs of these four, which all have is_change of pending.h as it is. */
void writer_cancel(struct writer *writer, struct store_job *job);

/* For batches that are made from now on. Seats that are set in the store count before these. */
void writer_set_limits(struct writer *writer, const struct store_limits *limits);

/* RESULT_OK if the database takes changes, as far as this node knows; else RESULT_UNAVAILABLE, and
 * why. Valid until the caller returns to the loop. */
enum result writer_ready(const struct writer *writer, const char **reason) MUST_CHECK;

/* Closes its handles; the loop must run to its end before writer_close(). Nothing may be under way,
 * but for what was cancelled. */
void writer_stop(struct writer *writer);
void writer_close(struct writer *writer); /* NULL is fine */

#endif
