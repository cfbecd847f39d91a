#ifndef ROLLCALL_STORE_DATABASE_NODE_READER_H
#define ROLLCALL_STORE_DATABASE_NODE_READER_H

#include <uv.h>

#include "base/log.h"
#include "base/reason.h"
#include "store/database/node/head.h"
#include "store/store.h"

struct libpq;
struct database_address;

/*
 * The questions of a node to the database, over a link of their own, so that no batch is ahead of
 * them; and what keeps the head up to date. Loop thread only.
 */
struct reader;

struct reader_settings {
	uv_loop_t *loop;
	struct log *log;
	const struct libpq *libpq;
	const struct database_address *address;
	struct head *head;
	bool lets_loop_end; /* but for questions that somebody waits for */
	/* Called when store_newer() is worth another try; the head has its own callback. */
	store_changed_cb *fetched;
	void *argument;
};

struct reader *reader_open(const struct reader_settings *settings);

/* The loop must run to its end between these two. Nothing may be under way, but for what was
 * cancelled. */
void reader_stop(struct reader *reader);
void reader_close(struct reader *reader);

/* RESULT_OK: a server answers. RESULT_BUSY: none did so far. Else why none ever will, as it is:
 * each of them refuses; in words in `reason`. */
enum result reader_state(const struct reader *reader, struct reason *reason) MUST_CHECK;

/* As store_ask() and store_cancel(). */
struct store_job *reader_ask(struct reader *reader, const struct store_question *question,
	store_answered_cb *answered, void *argument);
void reader_cancel(struct store_job *cancelled);

/* As store_view(). */
const struct store_view *reader_view(struct reader *reader, uint64_t least);

/* As store_newer(). */
bool reader_newer(struct reader *reader, uint64_t position, struct user *users, size_t most,
	struct store_news *news) MUST_CHECK;

#endif
