#ifndef ROLLCALL_HTTP_META_VARIABLE_H
#define ROLLCALL_HTTP_META_VARIABLE_H

#include "base/arena.h"

/*
 * The value of the CGI meta-variable of that name (RFC 3875, section 4.1) in a list that ends with
 * NULL of strings NAME=VALUE, as the environment and codec.h have them; NULL if it is not there.
 *
 * Of one that is there more than once the first counts, but if it is a header field (HTTP_…): then
 * all do, with commas between them, as section 4.1.18 has it and RFC 9110, section 5.3. nginx
 * before 1.23 leaves that to the application. The value is borrowed from the list, or in the arena.
 */
const char *meta_variable(char *const *list, const char *name, struct arena *arena);

#endif
