#ifndef ROLLCALL_TESTS_FUZZ_STORE_MADE_ROWS_H
#define ROLLCALL_TESTS_FUZZ_STORE_MADE_ROWS_H

#include "fuzz/fuzz.h"
#include "store/database/rows.h"

/*
 * Rows of an answer as a server could send them, taken from an input: mostly of the columns and
 * types of a reading (database_statements.h), but with any numbers, and now and then with NULL, of
 * another width, or as text. Each value is in an allocation of its own, so that a sanitizer sees a
 * byte read beyond it.
 */
struct made_rows;

struct made_rows *made_rows_take(struct fuzz_input *input);
void made_rows_free(struct made_rows *made);

/* Valid as long as they are. */
struct rows made_rows_of(const struct made_rows *made);

#endif
