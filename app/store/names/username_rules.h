#ifndef ROLLCALL_STORE_NAMES_USERNAME_RULES_H
#define ROLLCALL_STORE_NAMES_USERNAME_RULES_H

#include <stddef.h>
#include <utf8proc.h>

#include "store/names/username.h"

/* The rules of username.h, for code points in NFC with single spaces, and none at an end. `at` is
 * set to the code point that is refused, if the problem is with one. */
enum username_problem username_rules_check(
	const utf8proc_int32_t *points, size_t count, size_t *at) MUST_CHECK;

#endif
