#ifndef ROLLCALL_PROBLEM_VIEW_H
#define ROLLCALL_PROBLEM_VIEW_H

#include "../buffer.h"

/* The page for an error status: what happened, and what to do next. */
void problem_view(struct buffer *out, unsigned status);

#endif
