#ifndef ROLLCALL_STORE_NAMES_CONTEXT_RULES_H
#define ROLLCALL_STORE_NAMES_CONTEXT_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <utf8proc.h>

/* Characters that are part of a name only beside certain others (RFC 5892, appendix A). */
enum context_rule {
	CONTEXT_NONE,      /* it is no such character */
	CONTEXT_INVISIBLE, /* a joiner, which shows in the shape of its neighbours */
	CONTEXT_LETTER,    /* written within a word */
	CONTEXT_SEPARATOR, /* between two words */
};

enum context_rule context_rule_of(utf8proc_int32_t c);

/* Whether points[at], which has a rule, may stand where it does. */
bool context_rule_allows(const utf8proc_int32_t *points, size_t count, size_t at);

#endif
