#ifndef ROLLCALL_HTTP_META_VARIABLE_H
#define ROLLCALL_HTTP_META_VARIABLE_H

#include <stddef.h>

#include "base/arena.h"

/* A CGI meta-variable (RFC 3875, section 4.1). A list of them ends with one whose name is NULL. */
struct meta_variable {
	const char *name; /* not terminated */
	size_t name_length;
	const char *value;
};

/*
 * The value of the meta-variable of that name in a list; NULL if it is not there.
 *
 * Of one that is there more than once the first counts, but if it is a header field (HTTP_…): then
 * all do, with commas between them, as section 4.1.18 has it and RFC 9110, section 5.3. nginx
 * before 1.23 leaves that to the application. The value is borrowed from the list, or in the arena.
 */
const char *meta_variable(const struct meta_variable *list, const char *name, struct arena *arena);

/* Makes a list of strings NAME=VALUE, as the environment has them, which end with NULL; others are
 * left out. The list has room for all of them, and its end. */
void meta_variables_from(char *const *strings, struct meta_variable *list);

#endif
