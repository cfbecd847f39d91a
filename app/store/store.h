#ifndef ROLLCALL_STORE_STORE_H
#define ROLLCALL_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "store/names/username.h"
#include "store/page.h"
#include "store/search.h"
#include "store/user.h"

/*
 * The users, as routes see them. Reading answers at once, from memory; creating answers later,
 * through a callback on the loop thread, when the user is on disk. Nothing here says how or where
 * users are kept. Loop thread only.
 */
struct store;
struct store_create;

/*
 * How a create ended. RESULT_OK: `user` is on disk. RESULT_TAKEN: `user` holds the name, because a
 * create that was under way for it succeeded first. RESULT_FULL, RESULT_LIMIT, RESULT_UNAVAILABLE:
 * nothing was stored; `user` is NULL and store_ready() has the reason. `user` is borrowed until it
 * returns.
 */
typedef void store_created(void *argument, enum result result, const struct user *user);

/*
 * Begins to create a user. RESULT_OK: `created` will be called, once, after this has returned,
 * unless the create is cancelled. Otherwise it won't: RESULT_TAKEN, by `holder`; RESULT_LIMIT: as
 * many users as there may be, no number left, or too many waiting; RESULT_UNAVAILABLE: see
 * store_ready().
 */
enum result store_create(struct store *store, const struct username *username,
	store_created *created, void *argument, struct store_create **create,
	struct user *holder) MUST_CHECK;

/* Whoever asked no longer wants to know: `created` is not called any more. What was not yet on its
 * way to the disk is dropped; the rest is stored all the same. */
void store_cancel(struct store *store, struct store_create *create);

/* RESULT_OK if users can be stored; else RESULT_LIMIT, RESULT_FULL or RESULT_UNAVAILABLE, and why,
 * in words. */
enum result store_ready(const struct store *store, const char **reason) MUST_CHECK;

/* `changed` is called after users have been added: once for those that were stored together, when
 * all of them can be read. There is one who watches; NULL: nobody. */
void store_watch(struct store *store, void (*changed)(void *argument), void *argument);

uint64_t store_count(const struct store *store);

/* Changes with every change of what can be read here, and with every start of the program. Letters,
 * digits and hyphens. */
#define STORE_REVISION_SIZE 48
const char *store_revision(const struct store *store);

bool store_user(const struct store *store, uint64_t number, struct user *user);

/* Fills in up to `most` users that are next to the place asked for. Takes the same time however
 * many users there are. */
struct store_page store_page(const struct store *store, enum store_from from, uint64_t number,
	struct user *users, size_t most);

/* The same for those whose names begin in some way, in the order of their names. */
struct search_page store_search(
	const struct store *store, const struct search *search, struct user *users, size_t most);

#endif
