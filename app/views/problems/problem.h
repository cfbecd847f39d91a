#ifndef ROLLCALL_VIEWS_PROBLEMS_PROBLEM_H
#define ROLLCALL_VIEWS_PROBLEMS_PROBLEM_H

#include <stdbool.h>

#include "base/buffer.h"
#include "views/sheet_text.h"

/* The page for an error status: what happened, and what to do next. */
struct problem_view {
	unsigned status;
	const char *detail;  /* what happened */
	bool has_admin;      /* there are pages of the organiser's */
	bool is_below_admin; /* the request was for one of them, or would have been */
};

void problem_view(
	struct buffer *out, const struct sheet_text *sheet, const struct problem_view *view);

/* The general detail of an error status. */
const char *problem_words(unsigned status);

#endif
