#ifndef ROLLCALL_BASE_TEXT_MOMENT_H
#define ROLLCALL_BASE_TEXT_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a time as RFC 3339 has it, with any offset from UTC: 2026-12-05T18:00:00+01:00. What is
 * beyond milliseconds is dropped. False if it is none, or not after 1970. */
bool moment_read(const char *text, int64_t *milliseconds);

#endif
