#ifndef ROLLCALL_ROUTES_USER_SEARCH_H
#define ROLLCALL_ROUTES_USER_SEARCH_H

#include <stdbool.h>

#include "base/buffer.h"
#include "http/response.h"
#include "store/store.h"

/* Users by the beginning of their names, as the list's query asks for them. */
struct user_search {
	struct buffer typed; /* the caller frees it */
	enum username_problem
		problem; /* USERNAME_EMPTY: it is no search; others: no user is found */
	struct search search;
};

/* Takes in what was typed. The place is for the caller to fill in. */
void user_search_begin(struct user_search *search);

/* What to ask the store for. Borrows the search. */
struct store_question user_search_question(const struct user_search *search, size_t page_size);

/* Sends a page of the users that were found. */
void user_search_answer(struct response *response, const struct user_search *search,
	const struct store_answer *answer, int64_t now, bool in_json);

#endif
