#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_SEEN_SPANS_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_SEEN_SPANS_H

#include "base/meters/loop_span.h"

/*
 * The callbacks of the loop that a program of rollcall_seen_spans() has run, by loop_span_begin().
 * What is charged to which phase makes no difference but in figures, so each has to be looked for.
 */

/* Fails the test if the callback was not run, or in another phase. */
void expect_seen_span(enum loop_phase phase, const char *callback);

#endif
