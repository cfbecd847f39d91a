#ifndef ROLLCALL_STORE_DATABASE_REFUSAL_H
#define ROLLCALL_STORE_DATABASE_REFUSAL_H

#include <stdbool.h>

/* Whether no later try will be served either, as far as can be told: the server knows no such role
 * or database, or does not let the program in; or the tables are not there. `sqlstate` is empty
 * where libpq has none, as of a connection that was not made: then the words decide, of one line.
 * A server says those in its own language; in another one a refusal is found out by the operator,
 * whom the log tells. */
bool refusal_is_final(const char *sqlstate, const char *words);

/* The same for what libpq says when it has tried several hosts, each on lines of its own: whether
 * all of them refuse. */
bool refusal_is_of_all(const char *words);

#endif
