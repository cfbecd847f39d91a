#ifndef ROLLCALL_STORE_DATABASE_NODE_READING_SEARCH_H
#define ROLLCALL_STORE_DATABASE_NODE_READING_SEARCH_H

#include "base/limit.h"
#include "store/database/node/reading_page.h"

/* The name of the user that a page of a search is next to, as far as it is known: the place of the
 * page follows from it. Zeroed: it is not known. */
struct reading_mark {
	size_t length;
	char name[LIMIT_NAME];
};

/* As for pages. */
void reading_search_write(const struct store_question *question, const struct reading_mark *mark,
	struct parameters *parameters);

/* False: the user that the page is next to has another name than `mark`, which has it now: the
 * question is to be asked again with that one. */
bool reading_search_read(const struct rows *rows, const struct store_question *question,
	struct reading_mark *mark, struct user *users, struct store_answer *answer) MUST_CHECK;

#endif
