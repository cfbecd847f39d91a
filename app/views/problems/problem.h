#ifndef ROLLCALL_VIEWS_PROBLEMS_PROBLEM_H
#define ROLLCALL_VIEWS_PROBLEMS_PROBLEM_H

#include "base/buffer.h"
#include "views/sheet_text.h"

/* The page for an error status: what happened, as `detail` says, and what to do next. */
void problem_view(
	struct buffer *out, const struct sheet_text *sheet, unsigned status, const char *detail);

/* The general detail of an error status. */
const char *problem_words(unsigned status);

#endif
