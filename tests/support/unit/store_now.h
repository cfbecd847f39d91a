#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_STORE_NOW_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_STORE_NOW_H

#include "store/store.h"

/* Reads a store that answers before store_ask() returns, as the flat file does; any other fails the
 * test. Names stay valid until the loop turns. */
uint64_t store_now_count(struct store *store);
const char *store_now_revision(struct store *store);
bool store_now_user(struct store *store, uint64_t number, struct user *user);

/* In the words of page.h: `users` has room for `most`, LIMIT_PAGE_MOST at most. */
struct store_page store_now_page(struct store *store, enum store_from from, uint64_t number,
	struct user *users, size_t most);

#endif
