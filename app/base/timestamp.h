#ifndef ROLLCALL_BASE_TIMESTAMP_H
#define ROLLCALL_BASE_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/result.h"

/* Wall time as milliseconds since 1970-01-01T00:00:00Z, and its one written form: RFC 3339 in UTC
 * with milliseconds, years 1970 to 9999. */
#define TIMESTAMP_LENGTH 24 /* 2026-01-02T03:04:05.678Z */
#define TIMESTAMP_SIZE   (TIMESTAMP_LENGTH + 1)

/* The last that has a written form: 9999-12-31T23:59:59.999Z. */
#define TIMESTAMP_LAST INT64_C(253402300799999)

/* A clock that is set before 1970 gives 0, one past the year 9999 more than TIMESTAMP_LAST. */
int64_t timestamp_now(void);

/* What another clock of the system shows, in milliseconds since its beginning. */
int64_t timestamp_of_clock(clockid_t clock);

/* Not negative; TIMESTAMP_LAST stands for all after it, which cannot be read back. */
void timestamp_format(int64_t milliseconds, char text[static TIMESTAMP_SIZE]);

/* Takes exactly TIMESTAMP_LENGTH bytes of exactly that form. */
enum result timestamp_parse(const char *text, int64_t *milliseconds) MUST_CHECK;

#endif
