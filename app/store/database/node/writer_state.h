#ifndef ROLLCALL_STORE_DATABASE_NODE_WRITER_STATE_H
#define ROLLCALL_STORE_DATABASE_NODE_WRITER_STATE_H

#include <uv.h>

#include "base/reason.h"
#include "store/database/link.h"
#include "store/database/node/head.h"
#include "store/database/node/write_jobs.h"
#include "store/database/node/writer.h"

/* What the files of the writer share: writer.c, which has its callers and its clock, and
 * writer_batch.c, which has the batch. */
enum writer_state {
	WRITER_IDLE,
	WRITER_UNSENT, /* for the first time, or again */
	WRITER_SENT,
	WRITER_SETTLED, /* the outcome is known, and the head is not read yet */
	WRITER_STOPPED
};

struct writer {
	uv_loop_t *loop;
	struct log *log;
	struct link *link;
	struct head *head;
	struct store_limits limits;
	struct statement statements[WRITES];
	uint64_t node;
	uint64_t batch; /* the id of the last one */
	struct write_jobs *jobs;

	enum writer_state state;
	/* The batch, unless the state is idle: creates, or one change. */
	struct pending_batch creates;
	struct write_change *change;
	size_t count;
	uint64_t begun; /* when it was sent first, on the loop's clock; so are other times */
	uint64_t sent;  /* when it was sent last, in nanoseconds */
	unsigned tries;
	bool is_doubtful; /* one of the tries may have been stored */
	bool was_change;  /* the last one: creates go first now */
	struct name_rows rows;
	struct write_outcomes outcomes;
	struct link_query query;

	/* The question for the head, behind each batch. */
	bool is_asking;
	struct head_question question;
	struct link_query head_query;

	uv_idle_t awake; /* these two run while there is something to send */
	uv_check_t turn;
	uv_timer_t timer;
	uint64_t not_before; /* nothing is sent until then */
	bool is_due;         /* the timer has rung, and one more poll passes */

	bool was_ready;        /* the link */
	uint64_t away_since;   /* while it is not */
	bool is_late;          /* a caller was out of time since the last batch was settled */
	struct reason refusal; /* of the last batch; or empty */
	enum result ready;
	struct reason reason;
	void (*on_state)(void *argument, enum result state, const char *reason);
	void *argument;
};

/* Sends what can be sent, at the end of this turn: all that arrives in one turn goes together. */
void writer_wake(struct writer *writer);

/* To be called when something of it has changed. */
void writer_update_readiness(struct writer *writer);

/* When the timer is to ring may have changed. */
void writer_set_timer(struct writer *writer);

/* Makes what is sent; `writer` is zeroed but for its jobs and what it was opened with. */
void writer_batch_begin(struct writer *writer);

/* Sends what can be sent. */
void writer_batch_proceed(struct writer *writer);

/* Callers have waited for long enough: what is known of the batch is told, even if this node cannot
 * read it now. */
void writer_batch_expire(struct writer *writer);

/* What callers of the batch are told before its outcome is: RESULT_UNKNOWN if it may have been
 * stored; else RESULT_UNAVAILABLE. */
enum result writer_batch_doubt(const struct writer *writer) MUST_CHECK;

/* Frees what there is of it. */
void writer_batch_end(struct writer *writer);

#endif
