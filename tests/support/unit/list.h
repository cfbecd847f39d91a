#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_LIST_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_LIST_H

#include "formats/format.h"

/* Reads a list whole, byte by byte, and in pieces of other sizes, which must make no difference.
 * Expects what it says, a line each: "2:[Zoë]", "2:[Zoë] 1000" with a time, "2: the reason" for
 * what is invalid, and in the end "refused" if it is no such list. */
void list_expect_bytes(
	const struct format *format, const char *input, size_t length, const char *expected);
void list_expect(const struct format *format, const char *input, const char *expected);

/* What the format makes of a user. */
void list_expect_written(const struct format *format, uint64_t number, int64_t created,
	const char *name, const char *expected);

#endif
