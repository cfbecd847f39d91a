#ifndef ROLLCALL_VIEWS_PROBLEM_H
#define ROLLCALL_VIEWS_PROBLEM_H

#include "base/buffer.h"

/* The page for an error status: what happened, as `detail` says, and what to do next. */
void problem_view(struct buffer *out, unsigned status, const char *detail);

/* The general detail of an error status. */
const char *problem_words(unsigned status);

#endif
