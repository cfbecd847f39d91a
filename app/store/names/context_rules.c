/*
 * The joiners, the middle dots, and the Hebrew geresh and gershayim: characters that some languages
 * write names with, and that could hide or imitate something anywhere else. Each has its rule in
 * RFC 5892, appendix A, which names scripts, joining types and viramas. utf8proc knows the viramas,
 * libunistring the others.
 */
#include "store/names/context_rules.h"

#include <unictype.h>

#define ZERO_WIDTH_NON_JOINER      0x200c
#define ZERO_WIDTH_JOINER          0x200d
#define MIDDLE_DOT                 0x00b7
#define HEBREW_GERESH              0x05f3
#define HEBREW_GERSHAYIM           0x05f4
#define KATAKANA_MIDDLE_DOT        0x30fb
#define CANONICAL_COMBINING_VIRAMA 9

enum context_rule context_rule_of(utf8proc_int32_t c)
{
	switch (c) {
	case ZERO_WIDTH_NON_JOINER:
	case ZERO_WIDTH_JOINER:
		return CONTEXT_INVISIBLE;
	case MIDDLE_DOT:
	case HEBREW_GERESH:
	case HEBREW_GERSHAYIM:
		return CONTEXT_LETTER;
	case KATAKANA_MIDDLE_DOT:
		return CONTEXT_SEPARATOR;
	default:
		return CONTEXT_NONE;
	}
}

static bool is_virama(utf8proc_int32_t c)
{
	return utf8proc_get_property(c)->combining_class == CANONICAL_COMBINING_VIRAMA;
}

static bool is_of_script(utf8proc_int32_t c, const char *name)
{
	return uc_is_script((ucs4_t)c, uc_script_byname(name));
}

static bool joins(utf8proc_int32_t c, int type)
{
	int of_character = uc_joining_type((ucs4_t)c);

	return of_character == type || of_character == UC_JOINING_TYPE_D;
}

static bool is_transparent(utf8proc_int32_t c)
{
	return uc_joining_type((ucs4_t)c) == UC_JOINING_TYPE_T;
}

/* Appendix A.1: between two letters that would be joined without it. */
static bool separates_cursive(const utf8proc_int32_t *points, size_t count, size_t at)
{
	size_t before = at, after = at + 1;

	while (before > 0 && is_transparent(points[before - 1]))
		before--;
	while (after < count && is_transparent(points[after]))
		after++;
	return before > 0 && after < count && joins(points[before - 1], UC_JOINING_TYPE_L) &&
	       joins(points[after], UC_JOINING_TYPE_R);
}

/* Appendix A.3: Catalan's "l·l"; its capitals are not in a domain name, but in a name they are. */
static bool is_between_l(const utf8proc_int32_t *points, size_t count, size_t at)
{
	return at > 0 && at + 1 < count && (points[at - 1] | 0x20) == 'l' &&
	       (points[at + 1] | 0x20) == 'l';
}

/* Appendix A.7. The dot itself is of no script. */
static bool has_japanese(const utf8proc_int32_t *points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_of_script(points[i], "Hiragana") || is_of_script(points[i], "Katakana") ||
			is_of_script(points[i], "Han"))
			return true;
	}
	return false;
}

bool context_rule_allows(const utf8proc_int32_t *points, size_t count, size_t at)
{
	switch (points[at]) {
	case ZERO_WIDTH_NON_JOINER:
		return (at > 0 && is_virama(points[at - 1])) ||
		       separates_cursive(points, count, at);
	case ZERO_WIDTH_JOINER: /* A.2 */
		return at > 0 && is_virama(points[at - 1]);
	case MIDDLE_DOT:
		return is_between_l(points, count, at);
	case HEBREW_GERESH: /* A.5 and A.6 */
	case HEBREW_GERSHAYIM:
		return at > 0 && is_of_script(points[at - 1], "Hebrew");
	case KATAKANA_MIDDLE_DOT:
		return has_japanese(points, count);
	default:
		return false;
	}
}
