#ifndef ROLLCALL_VIEWS_PROBLEM_H
#define ROLLCALL_VIEWS_PROBLEM_H

#include "base/buffer.h"

/* The page for an error status: what happened, in these words, and what to do next. */
void problem_view(struct buffer *out, unsigned status, const char *detail);

/* What there is to say of an error status if nothing more is known. */
const char *problem_words(unsigned status);

#endif
