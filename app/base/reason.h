#ifndef ROLLCALL_BASE_REASON_H
#define ROLLCALL_BASE_REASON_H

#include "base/result.h"

/*
 * Why an operation failed, in words for a person. `enum result` is what the program decides by; a
 * reason is only shown or logged. It is one sentence without a full stop, cut off if it is too
 * long. The texts may hold bytes from outside: the function that prints a reason escapes them.
 */
struct reason {
	char text[512]; /* empty: nothing was said */
};

/* Says why, in place of what was said before. None of these changes errno. */
void reason_set(struct reason *reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, and returns `result`: `return reason_fail(reason, RESULT_BUSY, "…");`. */
enum result reason_fail(struct reason *reason, enum result result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with ": " and the text of errno behind it; returns RESULT_SYSTEM. */
enum result reason_fail_errno(struct reason *reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
