#ifndef ROLLCALL_STORE_STORE_H
#define ROLLCALL_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "store/names/username.h"
#include "store/page.h"
#include "store/search.h"
#include "store/sheet_settings.h"
#include "store/user.h"

/*
 * The users, as routes see them, wherever they are kept. A question is answered through a callback:
 * before store_ask() returns if the answer is at hand, else on a later turn of the loop. A create,
 * or another change, is always answered later, when it is durable. Loop thread only.
 */
struct store;

/* A question or a change that is under way. */
struct store_job;

/* How many users there may be. A store is opened with them. */
struct store_limits {
	uint64_t max_users;
	/* Users at most, too, but the store is ready with all of them taken; 0: no such limit. With
	 * a waiting list there may be more. What is set in the store counts before these two. */
	uint64_t seats;
	bool has_waiting_list;
};

/* Letters, digits and hyphens. */
#define STORE_REVISION_SIZE 64

/* What every page shows, at one moment. */
struct store_view {
	uint64_t users;  /* how many there are */
	uint64_t newest; /* the number of the newest of them, or 0 */
	uint64_t last;   /* the last number that a user was given, there or not, or 0 */
	uint64_t change; /* the number of the last change, for store_changes() */
	/* With a waiting list, and more users than seats: the number of the user who has the last
	 * seat; those with greater numbers wait. Else 0. */
	uint64_t last_seat;
	/* What words of their names begin with, without accents: letters, as capitals where there
	 * are, and digits, in order, one after the other in UTF-8, with a space between scripts.
	 * Each of them, typed, finds users. LIMIT_LETTERS at most, of every script some; none, if
	 * the store does not know. Terminated.
	 */
	const char *letters;
	/* Changes with every change of what can be read. */
	char revision[STORE_REVISION_SIZE];
};

/*
 * The view of this moment, if it is at hand. NULL: it is not, or it does not reach up to the user
 * with the number `least`, of which the client was told (0: of none). The caller is to use
 * store_ask() then. Valid until the caller returns to the loop, or the next change is stored.
 */
const struct store_view *store_view(struct store *store, uint64_t least);

/* Whether others change the users, too: then a view may be some moments old. */
bool store_is_shared(const struct store *store);

/* The last seat, as in the view, with all changes and users that the store has told of: always at
 * hand. */
uint64_t store_last_seat(struct store *store);

/* Asks for some users in order, for one by its number, for those of one name, or for the view
 * alone. */
struct store_question {
	uint64_t least; /* as for store_view() */
	bool is_fresh;  /* the answer is to be of a moment after the question, if others change the
			 * users, too, and the store can find out in time */
	const struct search *search; /* finds users by words of their names; NULL: the list */
	enum store_from from;
	uint64_t number; /* the place in the list, which need not be a user's number */
	size_t most;     /* users wanted, LIMIT_PAGE_MOST at most; 0: none */
	/* Finds the users whose names have this key, the one with the same spelling first: after
	 * new Unicode tables there can be several. In place of the list or a search; or NULL. */
	const struct username *named;
	uint64_t beside; /* the user with this number as well; 0: no other */
};

/* All of it is of one moment. */
struct store_answer {
	/* RESULT_OK, else RESULT_LIMIT (too many questions wait) or RESULT_UNAVAILABLE: the rest is
	 * zero. */
	enum result result;
	const struct store_view *view;
	const struct user *users; /* newest first; of a search or a name, in its order */
	size_t count;
	bool has_previous; /* there are others before the first of them */
	bool has_next;     /* there are others behind the last */
	/* Of a search or a name that asks for users: how many it finds in all; LIMIT_FOUND + 1:
	 * more than LIMIT_FOUND. Else 0. */
	size_t found;
	const struct user *beside; /* NULL: no user has that number */
};

/* The answer, and the names in it, are valid until this returns. */
typedef void store_answered_cb(void *argument, const struct store_answer *answer);

/*
 * Calls `answered` once: before it returns, and returns NULL; or later, unless the job is
 * cancelled. The question is copied, but for the search and the name, which must stay until the
 * answer.
 */
struct store_job *store_ask(struct store *store, const struct store_question *question,
	store_answered_cb *answered, void *argument);

/*
 * How a change ended. RESULT_OK: it is as durable as the store promises; `user` was created or
 * renamed, and is as it is now, or was removed, and is as it was; for sheet settings it is NULL.
 * RESULT_UNCHANGED: `user` has that name already. RESULT_TAKEN: `user` holds the name.
 * RESULT_ALIKE: `user` holds one that looks like it (lookalike.h). RESULT_NO_SEAT: others were
 * first. RESULT_MISSING: no user has that number. RESULT_FULL, RESULT_LIMIT, RESULT_UNAVAILABLE:
 * nothing was stored, as far as the store can tell, and store_ready() has the reason.
 * RESULT_UNKNOWN: it is on its way, and nobody can tell in time whether it was or will be stored;
 * the store sees to it that it is not stored twice. `user` is NULL but for the first four, and
 * valid until this returns.
 */
typedef void store_outcome_cb(void *argument, enum result result, const struct user *user);

/*
 * Begins to create a user. RESULT_OK: `created` will be called, once, after this has returned,
 * unless the job is cancelled. Else it will not be called: RESULT_TAKEN: `holder` has the name;
 * RESULT_ALIKE: `holder` has one that looks like it;
 * RESULT_NO_SEAT: with those under way there are as many users as there may be, or no number is
 * left; RESULT_LIMIT: too many creates wait; RESULT_UNAVAILABLE: store_ready() has the reason. A
 * create that waits for another one's name takes no seat; one that fails gives its seat back.
 */
enum result store_create(struct store *store, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job,
	struct user *holder) MUST_CHECK;

/*
 * Begins another change, with results and callback as of a create. Changes are stored in the order
 * in which they were begun, but for creates, which wait for none of them.
 *
 * Removes the user with that number. Its name can be taken from then on, its number never.
 * RESULT_MISSING: no user has it.
 */
enum result store_remove(struct store *store, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job) MUST_CHECK;

/* Gives the user with that number another name, which may be another spelling of its own; number
 * and time stay. RESULT_MISSING; RESULT_TAKEN, RESULT_ALIKE, with `holder`. The name that the user
 * has, letter by letter, is told of as RESULT_UNCHANGED, later, and nothing is stored. */
enum result store_rename(struct store *store, uint64_t number, const struct username *username,
	store_outcome_cb *renamed, void *argument, struct store_job **job,
	struct user *holder) MUST_CHECK;

/* Keeps what `changes` has set, which is copied, forgets what it gives back, and leaves the rest as
 * it is. RESULT_CHANGED: one of `changes->unchanged` has changed, also by a change that was on its
 * way when this one was begun. RESULT_MALFORMED: a value is not one that sheet_settings.h allows.
 */
enum result store_set_sheet(struct store *store, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job) MUST_CHECK;

/* What of the sheet was set so. It is changed in place, so that it stays valid until the store is
 * closed, and so do its texts. */
const struct sheet_settings *store_sheet_settings(struct store *store);

/*
 * Users that are added together: all of them, or none. There can be one at a time. While they are
 * collected, everything else goes on; from store_import_commit() until its callback, creates and
 * other changes wait.
 */
struct store_import;

/* RESULT_BUSY: there is one. RESULT_UNAVAILABLE: store_ready() has the reason. RESULT_MISSING: the
 * store has no imports. */
enum result store_import_begin(struct store *store, struct store_import **import) MUST_CHECK;

/* Adds one user. RESULT_TAKEN, RESULT_ALIKE: it was not added; `holder` is a user of the list, or
 * one of the import, with the number 0. RESULT_NO_SEAT: nor was it, there would be too many. */
enum result store_import_add(struct store_import *import, const struct username *username,
	int64_t created, struct user *holder) MUST_CHECK;

/* RESULT_OK: `done` will be called, and the import is over then. RESULT_TAKEN, RESULT_ALIKE: by
 * `user`, which was created meanwhile. RESULT_NO_SEAT, at once: there would be too many users, and
 * the import goes on. Seats of the sheet do not count. */
enum result store_import_commit(
	struct store_import *import, store_outcome_cb *done, void *argument) MUST_CHECK;

/* The callback is not called any more. What is not committed is dropped; what is, is stored all the
 * same. */
void store_import_abandon(struct store_import *import);

typedef void store_sheet_cb(void *argument);

/* `changed` is called after sheet settings were set, before any callback is called for them or for
 * what was stored with them. There is one watcher; NULL: none. */
void store_watch_sheet(struct store *store, store_sheet_cb *changed, void *argument);

/* The callback of the job is not called any more, nor is the job valid. A change that is on its way
 * to be stored is stored all the same. */
void store_cancel(struct store *store, struct store_job *job);

/* RESULT_OK if users can be stored; else RESULT_LIMIT, RESULT_FULL or RESULT_UNAVAILABLE, and why,
 * in words. */
enum result store_ready(const struct store *store, const char **reason) MUST_CHECK;

/* Users after a position in the list, which is a user's number or 0; or changes. */
struct store_news {
	size_t count;
	bool has_more; /* behind the last of them */
};

/* Fills in up to `most` users after a position, oldest first. False: they are not at hand; they are
 * being fetched, and the watcher is called when this is worth another try. */
bool store_newer(struct store *store, uint64_t position, struct user *users, size_t most,
	struct store_news *news) MUST_CHECK;

enum store_change_kind { STORE_REMOVED, STORE_RENAMED };

/* What became of a user that was there. */
struct store_change {
	enum store_change_kind kind;
	struct user user; /* STORE_RENAMED: as it is now; STORE_REMOVED: only the number */
};

/* Fills in up to `most` changes of users after the one with that number, oldest first; they are
 * numbered one after the other. RESULT_BUSY: they are not at hand, as for store_newer().
 * RESULT_MISSING: it is not known any more what happened since. The names are valid until the
 * caller returns to the loop. */
enum result store_changes(struct store *store, uint64_t after, struct store_change *changes,
	size_t most, struct store_news *news) MUST_CHECK;

typedef void store_changed_cb(void *argument);

/* `changed` is called after users were added, removed or renamed, or sheet settings set: once for
 * all changes that were stored together, when they can be read. There is one watcher; NULL: none.
 */
void store_watch(struct store *store, store_changed_cb *changed, void *argument);

/* For new limits. */
void store_set_limits(struct store *store, const struct store_limits *limits);

/* Users are shown in another way from now on: it gets a revision that it never had. But several
 * programs that show the users of one store get the same one, if `pages` is the same: a hash of all
 * that decides how pages are made, other than what the store keeps. */
void store_renew_revision(struct store *store, uint64_t pages);

/* Closes its handles; the loop must run to its end before store_close(). Nothing may be under way,
 * but for what was cancelled. */
void store_stop(struct store *store);

/* NULL is fine. */
void store_close(struct store *store);

#endif
