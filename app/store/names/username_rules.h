#ifndef ROLLCALL_STORE_NAMES_USERNAME_RULES_H
#define ROLLCALL_STORE_NAMES_USERNAME_RULES_H

#include <stddef.h>
#include <utf8proc.h>

#include "store/names/scripts.h"
#include "store/names/username.h"

/* The rules of username.h, for code points in NFC with single spaces, and none at an end. `found`
 * is set for USERNAME_SCRIPTS; for USERNAME_CHARACTER, its `at` is the one that is refused. */
enum username_problem username_rules_check(
	const utf8proc_int32_t *points, size_t count, struct script_mix *found) MUST_CHECK;

#endif
