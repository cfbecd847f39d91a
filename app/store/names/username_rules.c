/*
 * Which characters a name has, and in which order: PRECIS (RFC 8264) as username.h describes it,
 * with what people write names with besides. Each rule is a function that cites its section. The
 * Unicode data is utf8proc's, the rules for characters with a context are in context_rules.c,
 * those for scripts in scripts.c.
 *
 * Names of nothing but ASCII obey the rules for digits, directions and scripts.
 */
#include "store/names/username_rules.h"

#include <stdbool.h>

#include "base/scratch.h"
#include "store/names/code_points.h"
#include "store/names/context_rules.h"

/* What a character is for its neighbours. */
enum kind {
	KIND_MARK,
	KIND_SPACING_MARK,
	MARK_KINDS, /* their number */
	KIND_BASE,
	KIND_APOSTROPHE,
	KIND_SPACE,
	KIND_FULL_STOP,
	KIND_SEPARATOR,
	KIND_INVISIBLE,
	KIND_NONE,
};

/* The character that a fullwidth or halfwidth form stands for (RFC 8265, section 3.3.2, rule 1);
 * any other code point unchanged. */
static utf8proc_int32_t width_mapped(utf8proc_int32_t c)
{
	utf8proc_int32_t mapped[2];
	int boundary = UTF8PROC_BOUNDCLASS_START;

	if (code_point_is_ascii(c))
		return c;
	utf8proc_propval_t type = utf8proc_get_property(c)->decomp_type;
	if (type != UTF8PROC_DECOMP_TYPE_WIDE && type != UTF8PROC_DECOMP_TYPE_NARROW)
		return c;
	return utf8proc_decompose_char(
		       c, mapped, 2, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary) == 1
		       ? mapped[0]
		       : c;
}

/* Conjoining jamo, which names must not have, even where NFC leaves them (RFC 8264, section 9.9).
 */
static bool is_old_hangul_jamo(utf8proc_int32_t c)
{
	return code_point_is_within(c, 0x1100, 0x11ff) || code_point_is_within(c, 0xa960, 0xa97c) ||
	       code_point_is_within(c, 0xd7b0, 0xd7fb);
}

/* The exceptions of RFC 5892, section 2.6, where they differ from the category. */
static bool is_excluded(utf8proc_int32_t c)
{
	return c == 0x0640 || c == 0x07fa || code_point_is_within(c, 0x302e, 0x302f) ||
	       code_point_is_within(c, 0x3031, 0x3035) || c == 0x303b;
}

static bool is_included(utf8proc_int32_t c)
{
	return code_point_is_within(c, 0x06fd, 0x06fe) || c == 0x0f0b || c == 0x3007;
}

/* Code points that NFKC would replace, and no width of another (RFC 8264, section 9.17). Only those
 * with a decomposition can be. */
static bool is_compatibility(utf8proc_int32_t c)
{
	utf8proc_int32_t parts[CODE_POINT_PARTS];

	return utf8proc_get_property(c)->decomp_seqindex != UINT16_MAX &&
	       (code_point_nfkc(c, parts) != 1 || parts[0] != c);
}

/* Letters that NFKC would replace, and that a language is written with on its own keyboards. */
static bool is_written(utf8proc_int32_t c)
{
	return c == 0x0587 ||                           /* Armenian ligature ech yiwn */
	       c == 0x0e33 ||                           /* Thai sara am */
	       c == 0x0eb3 ||                           /* Lao am */
	       code_point_is_within(c, 0x0edc, 0x0edd); /* Lao ho no, ho mo */
}

/* Letters and marks by their category that show nothing: the blanks among the Egyptian hieroglyphs,
 * fillers and joiners of other scripts. */
static bool is_blank(utf8proc_int32_t c)
{
	return code_point_is_within(c, 0x13441, 0x13442) || c == 0x2d7f || c == 0x1107f ||
	       c == 0x16fe4;
}

static enum kind classify_ascii(utf8proc_int32_t c)
{
	if (code_point_is_within(c, 'a', 'z') || code_point_is_within(c, 'A', 'Z') ||
		code_point_is_within(c, '0', '9'))
		return KIND_BASE;
	switch (c) {
	case ' ':
		return KIND_SPACE;
	case '.':
		return KIND_FULL_STOP;
	case '\'':
		return KIND_APOSTROPHE;
	case '-':
	case '_':
		return KIND_SEPARATOR;
	default:
		return KIND_NONE;
	}
}

static enum kind classify_by_category(utf8proc_int32_t c)
{
	switch (utf8proc_get_property(c)->category) {
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_ND:
		return KIND_BASE;
	case UTF8PROC_CATEGORY_MN:
		return KIND_MARK;
	case UTF8PROC_CATEGORY_MC:
		return KIND_SPACING_MARK;
	default:
		return KIND_NONE;
	}
}

static enum kind classify_in_context(const utf8proc_int32_t *points, size_t count, size_t at)
{
	static const enum kind kinds[] = {[CONTEXT_INVISIBLE] = KIND_INVISIBLE,
		[CONTEXT_LETTER] = KIND_BASE,
		[CONTEXT_SEPARATOR] = KIND_SEPARATOR};

	return context_rule_allows(points, count, at) ? kinds[context_rule_of(points[at])]
						      : KIND_NONE;
}

/* The code points are those that widths stand for. */
static enum kind classify(const utf8proc_int32_t *points, size_t count, size_t at)
{
	utf8proc_int32_t c = points[at];

	if (code_point_is_ascii(c))
		return classify_ascii(c);
	if (code_point_is_apostrophe(c))
		return KIND_APOSTROPHE;
	if (is_included(c) || is_written(c))
		return KIND_BASE;
	if (context_rule_of(c) != CONTEXT_NONE)
		return classify_in_context(points, count, at);
	if (utf8proc_get_property(c)->ignorable || is_old_hangul_jamo(c) || is_excluded(c) ||
		is_blank(c) || is_compatibility(c))
		return KIND_NONE;
	return classify_by_category(c);
}

/* Whether a character may follow another of the kind `before`. Words are parted by one space or
 * separator; a full stop ends an initial or an abbreviation, and may stand before the next. */
static bool may_follow(enum kind before, enum kind kind)
{
	switch (kind) {
	case KIND_SPACE:
	case KIND_SEPARATOR:
		return before == KIND_BASE || before == KIND_APOSTROPHE || before == KIND_FULL_STOP;
	case KIND_FULL_STOP:
		return before == KIND_BASE;
	case KIND_APOSTROPHE:
		return before != KIND_APOSTROPHE;
	default:
		return true;
	}
}

/* The state of going through the characters of a name. */
struct walk {
	enum kind before;         /* the last one that is no mark: KIND_SPACE at the beginning */
	size_t marks[MARK_KINDS]; /* in a row, of each kind */
	bool touches;             /* the last apostrophe a letter before it */
};

static enum username_problem check_mark(struct walk *walk, enum kind kind)
{
	if (walk->before != KIND_BASE)
		return USERNAME_MARK;
	return ++walk->marks[kind] > LIMIT_NAME_MARKS ? USERNAME_MARKS : USERNAME_FINE;
}

static enum username_problem check_next(struct walk *walk, enum kind kind)
{
	if (kind == KIND_NONE)
		return USERNAME_CHARACTER;
	if (kind < MARK_KINDS)
		return check_mark(walk, kind);
	if (kind == KIND_INVISIBLE)
		return USERNAME_FINE;
	if (!may_follow(walk->before, kind))
		return USERNAME_SEPARATOR;
	/* An apostrophe belongs to a word: it has a letter on one side. */
	if (walk->before == KIND_APOSTROPHE && kind != KIND_BASE && !walk->touches)
		return USERNAME_SEPARATOR;
	walk->touches = walk->before == KIND_BASE;
	walk->marks[KIND_MARK] = walk->marks[KIND_SPACING_MARK] = 0;
	walk->before = kind;
	return USERNAME_FINE;
}

static bool may_end(const struct walk *walk)
{
	return walk->before == KIND_BASE || walk->before == KIND_FULL_STOP ||
	       (walk->before == KIND_APOSTROPHE && walk->touches);
}

static enum username_problem check_characters(
	const utf8proc_int32_t *points, size_t count, size_t *at)
{
	struct walk walk = {.before = KIND_SPACE};

	for (*at = 0; *at < count; ++*at) {
		enum username_problem problem = check_next(&walk, classify(points, count, *at));
		if (problem != USERNAME_FINE)
			return problem;
	}
	return may_end(&walk) ? USERNAME_FINE : USERNAME_SEPARATOR;
}

static utf8proc_propval_t direction(utf8proc_int32_t c)
{
	return utf8proc_get_property(c)->bidi_class;
}

static bool is_rtl(utf8proc_propval_t class)
{
	return class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL;
}

/* Allowed in text of either direction: rules 2 and 5 of RFC 5893, and the space. */
static bool is_neutral(utf8proc_propval_t class)
{
	return class == UTF8PROC_BIDI_CLASS_EN || class == UTF8PROC_BIDI_CLASS_ES ||
	       class == UTF8PROC_BIDI_CLASS_CS || class == UTF8PROC_BIDI_CLASS_ET ||
	       class == UTF8PROC_BIDI_CLASS_ON || class == UTF8PROC_BIDI_CLASS_BN ||
	       class == UTF8PROC_BIDI_CLASS_NSM || class == UTF8PROC_BIDI_CLASS_WS;
}

/* What there is of each direction, in a name or in a word of it. */
struct directions {
	bool rtl;      /* letters */
	bool ltr;      /* letters */
	bool european; /* digits */
	bool arabic;   /* digits */
};

static struct directions directions_of(const utf8proc_int32_t *points, size_t count)
{
	struct directions found = {0};

	for (size_t i = 0; i < count; i++) {
		utf8proc_propval_t class = direction(points[i]);
		found.rtl |= is_rtl(class);
		found.european |= class == UTF8PROC_BIDI_CLASS_EN;
		found.arabic |= class == UTF8PROC_BIDI_CLASS_AN;
		found.ltr |=
			!is_rtl(class) && class != UTF8PROC_BIDI_CLASS_AN && !is_neutral(class);
	}
	return found;
}

/* In a name with letters of both directions each word obeys rules 1, 2 and 5 of the Bidi rule (RFC
 * 5893, section 2): it begins with a letter and has those of one direction only. Where a digit
 * begins a word, or is one, the letters beside it decide on which side of them it is shown. */
static bool is_word_safe(const utf8proc_int32_t *points, size_t count)
{
	struct directions found = directions_of(points, count);
	utf8proc_propval_t first = direction(points[0]);

	if (found.ltr)
		return !found.rtl && !found.arabic && !is_neutral(first);
	return is_rtl(first);
}

static bool are_words_safe(const utf8proc_int32_t *points, size_t count)
{
	for (size_t i = 0, end; i < count; i = end + 1) {
		end = i;
		while (end < count && direction(points[end]) != UTF8PROC_BIDI_CLASS_WS)
			end++;
		if (!is_word_safe(points + i, end - i))
			return false;
	}
	return true;
}

static bool are_arabic_digits(const utf8proc_int32_t *points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (direction(points[i]) != UTF8PROC_BIDI_CLASS_AN)
			return false;
	}
	return true;
}

/* In <bdi> a name is shown as it is read if its letters are of one direction, or if it has words of
 * both and each word is safe. What stands between two Arabic numbers goes from right to left,
 * whatever is around them (UAX 9, rule N1): so they need letters that do, too. Digits of two kinds
 * are never safe (rule 4 of RFC 5893; RFC 5892, appendices A.8 and A.9: the extended ones count as
 * European here). */
static enum username_problem check_direction(const utf8proc_int32_t *points, size_t count)
{
	struct directions found = directions_of(points, count);

	if (found.arabic && found.european)
		return USERNAME_DIGITS;
	if (found.arabic && !found.rtl && !are_arabic_digits(points, count))
		return USERNAME_DIRECTION;
	if (found.ltr && found.rtl && !are_words_safe(points, count))
		return USERNAME_DIRECTION;
	return USERNAME_FINE;
}

static bool are_ascii(const utf8proc_int32_t *points, size_t count)
{
	utf8proc_int32_t all = 0;

	for (size_t i = 0; i < count; i++)
		all |= points[i];
	return code_point_is_ascii(all);
}

enum username_problem username_rules_check(
	const utf8proc_int32_t *points, size_t count, struct script_mix *found)
{
	SCRATCH utf8proc_int32_t mapped[LIMIT_NAME_CODE_POINTS];

	for (size_t i = 0; i < count; i++)
		mapped[i] = width_mapped(points[i]);
	enum username_problem problem = check_characters(mapped, count, &found->at);
	if (problem == USERNAME_FINE && are_ascii(points, count))
		return USERNAME_FINE;
	if (problem == USERNAME_FINE)
		problem = check_direction(points, count);
	if (problem == USERNAME_FINE && !scripts_allow(points, count, found))
		problem = USERNAME_SCRIPTS;
	return problem;
}
