#ifndef ROLLCALL_STORE_DATABASE_NODE_READING_PAGE_H
#define ROLLCALL_STORE_DATABASE_NODE_READING_PAGE_H

#include "store/database/node/database_statements.h"
#include "store/store.h"

/* Pages of the list, and users of one name, as statements: what is written behind the parameters
 * that all readings have, and what the rows are as an answer, whose users, LIMIT_PAGE_MOST of them,
 * are the caller's. */

void reading_page_write(const struct store_question *question, struct parameters *parameters);
void reading_page_read(const struct rows *rows, const struct store_question *question,
	struct user *users, struct store_answer *answer);

void reading_named_write(const struct store_question *question, struct parameters *parameters);
void reading_named_read(const struct rows *rows, const struct store_question *question,
	struct user *users, struct store_answer *answer);

/* Rows of users around a position: `before` of them end where `behind` others begin. */
struct reading_users {
	size_t first; /* the row of the first one behind */
	size_t before;
	size_t behind;
};

struct reading_users reading_users_find(const struct rows *rows);

struct user reading_user(const struct rows *rows, size_t row);

/* The row of that kind, of which there is one; false: there is none. */
bool reading_row_find(const struct rows *rows, enum reading_row kind, size_t *row);

#endif
