#ifndef ROLLCALL_ROUTES_QUERY_NUMBER_H
#define ROLLCALL_ROUTES_QUERY_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"

/* Reads the number of a user, LIMIT_PLACE at most, from the field of a query; `number` is left as
 * it is if the field is not there. RESULT_MALFORMED: the field is no number, or the query cannot be
 * read; RESULT_MEMORY. */
enum result query_number(
	const char *query, const char *name, bool *is_given, uint64_t *number) MUST_CHECK;

#endif
