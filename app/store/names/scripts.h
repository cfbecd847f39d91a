#ifndef ROLLCALL_STORE_NAMES_SCRIPTS_H
#define ROLLCALL_STORE_NAMES_SCRIPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <utf8proc.h>

/*
 * The scripts of characters and of names (UTS 39, section 5.1), and which scripts a name may mix.
 * Signs and digits that many scripts have in common belong to all of them.
 */

/* One bit a script. Japanese, Korean, and Han with Bopomofo are in it as scripts of their own. */
struct script_set {
	uint64_t bits[4];
};

struct script_set script_set_of(utf8proc_int32_t c);

/* The scripts that have all of the characters; none, if the text mixes scripts. */
struct script_set script_set_of_text(const utf8proc_int32_t *points, size_t count);

/* The number of one of them, the same for characters of the same scripts; -1: there is none. */
int script_set_first(const struct script_set *set);

/* The same in one word, for a database: two sets have a script in common if their words have a bit
 * in common, but for scripts that are not in wide use, some of which share a bit. Never negative.
 */
int64_t script_set_mask(const struct script_set *set);

bool script_set_is_empty(const struct script_set *set);

/* What both have. */
struct script_set script_set_common(const struct script_set *a, const struct script_set *b);

/* Two letters of a name that are not written together: `at` is of the script that has fewer letters
 * in it. */
struct script_mix {
	size_t at;
	size_t beside;
};

/*
 * Whether a name may have these characters, at most LIMIT_NAME_CODE_POINTS: those of one script, or
 * of Latin with Chinese, Japanese or Korean (UTS 39, section 5.2: "highly restrictive"). Besides,
 * its words may be of two scripts, each word of one, if the second is a script in wide use, and not
 * Latin, Cyrillic or Greek beside another of these. If not, `mix` is set.
 */
bool scripts_allow(const utf8proc_int32_t *points, size_t count, struct script_mix *mix);

#endif
