#ifndef ROLLCALL_STORE_DATABASE_NODE_HEAD_H
#define ROLLCALL_STORE_DATABASE_NODE_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "store/store.h"

struct parameters;
struct rows;

/*
 * What a node keeps of the database, so that it need not ask for it: the newest users, the last
 * changes, the sheet settings and the view. It sends nothing itself: a link asks what head_ask()
 * has written, and gives the answer to head_take(). Questions may be under way on several links at
 * once. Loop thread only.
 */
struct head;

/* The head may be shown so long after the moment of its last question; and if no server answers. In
 * milliseconds. */
#define HEAD_FRESH_MS 250
#define HEAD_STALE_MS 60000

struct head_settings {
	uv_loop_t *loop;
	const struct store_limits *limits; /* borrowed; may change */
	uint64_t pages; /* what revisions begin with: of how pages are made, as in database_store.h
			 */
	/* Called by head_take(), when all of it can be read. */
	store_sheet_cb *sheet_changed;
	store_changed_cb *changed;
	void *argument;
};

struct head *head_open(const struct head_settings *settings);
void head_close(struct head *head);

/* What is remembered of a question: a value. */
struct head_question {
	uint64_t order;   /* questions count up in the order in which they are sent */
	int64_t version;  /* of the head when it was sent; -1: it knew nothing */
	uint64_t sent;    /* uv_now() */
	bool is_complete; /* it asks for everything, not for what is new */
};

/* Writes the parameters of the statement `statement_head` (database_statements.h): to be called
 * when it is sent, and not before. */
struct head_question head_ask(struct head *head, struct parameters *parameters);

/*
 * Takes the answer to a question, and calls back for what is new. An answer that is older than what
 * the head has changes nothing. False: history was rewritten in the database (a restore, a failover
 * that lost something), or the head has missed too much: it has to be asked again, for everything.
 */
bool head_take(struct head *head, const struct rows *rows,
	const struct head_question *question) MUST_CHECK;

/* The next question is to ask for everything: to be called when a link has connected, perhaps to
 * another server. Until it is answered, the head is what it was. */
void head_doubt(struct head *head);

/* Whether a first answer was taken. */
bool head_is_known(const struct head *head);

/* RESULT_UNAVAILABLE: the database is not one that this program may use, since its schema or its
 * Unicode tables are of another version, or not known so far; and why. */
enum result head_check(const struct head *head, const char **reason) MUST_CHECK;

/* Whether there was an answer to a question of the last `ms` milliseconds. */
bool head_is_of(const struct head *head, uint64_t ms);

/* The same, whatever came of that: whether there are answers at all. */
bool head_is_heard_of(const struct head *head, uint64_t ms);

/* Whether it has all users up to that number that are still there. */
bool head_reaches(const struct head *head, uint64_t number);

/* Never NULL; zeroed, with an empty revision, while nothing is known. */
const struct store_view *head_view(const struct head *head);

/* Terminated, within sheet_settings.h; the same struct for ever. */
const struct sheet_settings *head_sheet(const struct head *head);

/* The key of codes that are given to users, HEAD_KEY_BYTES; NULL: not known. */
#define HEAD_KEY_BYTES 16
const unsigned char *head_leave_key(const struct head *head);

/* Limits have changed: the last seat may be another one. */
void head_renew_limits(struct head *head);

/* As store_renew_revision() has it. */
void head_renew_revision(struct head *head, uint64_t pages);

/* The first three parameters of every reading. It `has_letters` if it gets on without those of the
 * version that the head has now. */
void head_limits_parameters(
	const struct head *head, bool has_letters, struct parameters *parameters);

/* The view that the first row of a reading stands for, READING_STATE, which may be older or newer
 * than the head. Valid until the next call. NULL: the letters were left out, and the head has those
 * of another version by now: it is to be asked again, for the letters as well. */
const struct store_view *head_view_of(struct head *head, const struct rows *rows);

/* The `change` of that view. */
uint64_t head_change_of(const struct head *head, const struct rows *rows);

/* Whether head_answer() can be expected to. */
bool head_may_answer(const struct head *head, const struct store_question *question);

/* Answers a question from what is kept, as store_ask() does; false: it cannot, and has not called.
 * The question must not be by name, and a search only if it asks for no users. */
bool head_answer(const struct head *head, const struct store_question *question,
	store_answered_cb *answered, void *argument) MUST_CHECK;

/* The user with that number, if it is kept. */
bool head_user(const struct head *head, uint64_t number, struct user *user);

/* As store_newer(); false: the position is before what is kept, and nothing is being fetched. */
bool head_newer(const struct head *head, uint64_t position, struct user *users, size_t most,
	struct store_news *news) MUST_CHECK;

/* As store_changes(): never RESULT_BUSY. */
enum result head_changes(const struct head *head, uint64_t after, struct store_change *changes,
	size_t most, struct store_news *news) MUST_CHECK;

#endif
