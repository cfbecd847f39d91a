#ifndef ROLLCALL_STORE_DATABASE_NODE_READER_STATE_H
#define ROLLCALL_STORE_DATABASE_NODE_READER_STATE_H

#include <sys/queue.h>
#include <uv.h>

#include "base/limit.h"
#include "store/database/link.h"
#include "store/database/node/head.h"
#include "store/database/node/reader.h"
#include "store/database/node/reading_search.h"
#include "store/pending.h"

/* For reader.c, reader_chunks.c and reader_jobs.c alone. */

/* An answer that takes longer is not coming: the server gives up before. In milliseconds, as all.
 */
#define READER_ANSWER_MS 3000

/* A question waits so long for a server that is away. */
#define READER_AWAY_MS 2000

/* Somebody looks at the list so long after a page; and after an event of a live list, of which one
 * comes at least every half a minute. */
#define READER_LOOKS_MS   1000
#define READER_FOLLOWS_MS 60000

/* Chunks for live lists, and so how many are asked for at once. One that nobody reads makes place
 * after so long. */
#define READER_CHUNKS    4
#define READER_UNREAD_MS 1000

enum job_state {
	JOB_OF_HEAD,   /* waits for the head */
	JOB_DUE,       /* the head is there, and it is its turn soon */
	JOB_QUEUED,    /* waits to be asked */
	JOB_UNDER_WAY, /* was asked */
	JOB_CANCELLED, /* the same, and nobody waits for it any more */
	JOB_STATES
};

struct reader_job {
	struct store_job job; /* first: store_cancel() takes it */
	struct reader *reader;
	TAILQ_ENTRY(reader_job) next;
	enum job_state state;
	unsigned tries;
	bool lacks_letters; /* the head has those of another version than the one it was asked with
			     */
	uint64_t sent;      /* in nanoseconds */
	uint64_t order;     /* of the last question for the head that was asked before it */
	struct store_question question;
	store_answered_cb *answered;
	void *argument;
	struct reading_mark mark;
	struct link_query query;
};

TAILQ_HEAD(reader_jobs, reader_job);

/* Users of long ago, in a row, that live lists read, each in smaller parts. */
struct reader_chunk {
	struct reader *reader;
	struct link_query query;
	bool is_asked;
	bool is_there;     /* it was answered, and may be read */
	bool is_read;      /* by some live list */
	uint64_t position; /* of the user before the first */
	uint64_t change;   /* the last change that its users have */
	uint64_t used;     /* uv_now() when it was answered, or read */
	size_t count;
	struct kept_user *users[LIMIT_PAGE_MOST];
};

struct reader {
	struct reader_settings settings;
	struct link *link;
	uv_timer_t poll;
	uint64_t looked;      /* until then, somebody looks at the list */
	uint64_t away;        /* uv_now() when the last server went away; 0: one answers */
	struct reason reason; /* why the head is refused; empty: it is not */

	struct link_query query; /* for the head */
	struct head_question asked;
	bool is_asking;
	uint64_t order;  /* of the last question for it that was asked */
	uint64_t polled; /* when that was */

	struct reader_jobs jobs[JOB_STATES];
	size_t counts[JOB_STATES];
	struct reader_chunk chunks[READER_CHUNKS];
	bool lacks_chunk; /* there was no place for another one */
};

/* Asks for the head, unless that is under way or there is no server. */
void reader_ask_head(struct reader *reader);

/* Whether no server answers, for long enough that nobody is to wait for one. */
bool reader_is_away(const struct reader *reader);

/* Lets the loop end if it may, or keeps it alive. */
void reader_keep_loop(struct reader *reader);

/* What reader.h has for jobs is in reader_jobs.c, and so are these. */

/* The head was asked for by question `order`: answers those that waited for that. */
void reader_jobs_take_head(struct reader *reader, uint64_t order);

/* Asks what waits, as far as there is room. */
void reader_jobs_send(struct reader *reader);

/* The link is stopped: frees what was cancelled. */
void reader_jobs_end(struct reader *reader);

/* Answers all that wait for a server: from the head, or that there is none. */
void reader_jobs_fail(struct reader *reader);

/* reader_chunks.c */

void reader_chunks_begin(struct reader *reader);

/* The link is stopped. */
void reader_chunks_end(struct reader *reader);

/* As store_newer(), from what has been fetched; false: it is asked for, or there is no server or no
 * place, and `fetched` is called when that is another. */
bool reader_chunks_read(struct reader *reader, uint64_t position, struct user *users, size_t most,
	struct store_news *news) MUST_CHECK;

/* To be called often: calls `fetched` if there was no place for a chunk. */
void reader_chunks_retry(struct reader *reader);

#endif
