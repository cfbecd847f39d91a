#ifndef ROLLCALL_ROUTES_LIST_STREAM_H
#define ROLLCALL_ROUTES_LIST_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event_loop/turns.h"
#include "http/response.h"
#include "routes/site.h"
#include "store/store.h"

/*
 * A response with many users, oldest first: those there are when it begins. It asks the store for
 * some of them, sends those, and asks for the next when the peer has taken them: neither a long
 * list nor a slow client costs memory. Each part has a turn of the loop of its own, so that no
 * other request waits for the list.
 *
 * Users that are added meanwhile are not in it, and those that are removed before their part are
 * not either. If the store fails in the middle, the response is broken off: no client takes a part
 * of the list for the whole. Where nothing goes on (plain CGI), the response is sent as a whole.
 */

/* Sets the header fields, and writes what comes before the first user. */
typedef void list_stream_begin_cb(
	void *argument, const struct store_view *view, struct buffer *out);
typedef void list_stream_user_cb(void *argument, const struct user *user, struct buffer *out);

/* Writes what comes after the last user. `has_more`: there are others, after the number `last`. */
typedef void list_stream_end_cb(void *argument, uint64_t last, bool has_more, struct buffer *out);

enum list_stream_state {
	LIST_STREAM_ASKING,  /* the store */
	LIST_STREAM_MORE,    /* has to ask for the next part at once */
	LIST_STREAM_WAITING, /* for its turn, or for the peer */
	LIST_STREAM_OVER,
};

/* In memory that lives as long as the response (request_memory()). */
struct list_stream {
	struct site *site;
	struct response *response;
	bool in_json;      /* how an error is sent (answer.h) */
	uint64_t position; /* a number: the users after it */
	size_t left;       /* this many at most */
	list_stream_begin_cb *on_begin;
	list_stream_user_cb *on_user;
	list_stream_end_cb *on_end;
	void *argument;

	/* For list_stream.c, zeroed at first. */
	enum list_stream_state state;
	uint64_t newest; /* the last number that is in it; 0: it has not begun */
	bool has_begun;
	bool is_sent_in_parts; /* and the first is on its way */
	struct store_job *job;
	struct turn turn;
};

/* Sends the response, now and later. */
void list_stream_begin(struct list_stream *stream);

#endif
