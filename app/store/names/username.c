/*
 * The rules for usernames: PRECIS (RFC 8264) as username.h describes them, checked on code points
 * after NFC. Each rule is a function that cites its section. The Unicode data is utf8proc's.
 *
 * Text of nothing but ASCII is in NFC already, and obeys the rules for digits and directions.
 */
#include "store/names/username.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "store/names/code_points.h"
#include "store/names/name_key.h"

/* No text with 64 code points in NFC is longer before NFC: each comes from at most four code points
 * of at most four bytes. */
#define MOST_BYTES 1024

enum kind { KIND_MARK, KIND_SPACING_MARK, MARK_KINDS, KIND_BASE, KIND_SEPARATOR, KIND_NONE };

/* Unicode's property White_Space. */
static bool is_space(utf8proc_int32_t c)
{
	if (code_point_is_ascii(c))
		return c == ' ' || code_point_is_within(c, 0x09, 0x0d);
	return c == 0x85 || c == 0x2028 || c == 0x2029 ||
	       utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

static const char *skip_spaces(const char *text, const char *end)
{
	utf8proc_int32_t c;

	while (text < end) {
		size_t length = utf8_decode(text, (size_t)(end - text), &c);
		if (length == 0 || !is_space(c))
			break;
		text += length;
	}
	return text;
}

static const char *skip_spaces_back(const char *text, const char *end)
{
	utf8proc_int32_t c;

	while (end > text) {
		const char *last = end - 1;
		while (last > text && ((unsigned char)*last & 0xc0) == 0x80)
			last--;
		size_t length = (size_t)(end - last);
		if (utf8_decode(last, length, &c) != length || !is_space(c))
			break;
		end = last;
	}
	return end;
}

/* The character that a fullwidth or halfwidth form stands for (RFC 8265, section 3.3.2, rule 1);
 * any other code point unchanged. */
static utf8proc_int32_t width_mapped(utf8proc_int32_t c)
{
	utf8proc_propval_t type = utf8proc_get_property(c)->decomp_type;
	utf8proc_int32_t mapped[2];
	int boundary = UTF8PROC_BOUNDCLASS_START;

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

static enum kind classify_ascii(utf8proc_int32_t c)
{
	if (code_point_is_within(c, 'a', 'z') || code_point_is_within(c, 'A', 'Z') ||
		code_point_is_within(c, '0', '9'))
		return KIND_BASE;
	return c == ' ' || c == '.' || c == '_' || c == '-' ? KIND_SEPARATOR : KIND_NONE;
}

static enum kind classify(utf8proc_int32_t entered)
{
	utf8proc_int32_t c = code_point_is_ascii(entered) ? entered : width_mapped(entered);

	if (code_point_is_ascii(c))
		return classify_ascii(c);
	const utf8proc_property_t *property = utf8proc_get_property(c);
	if (is_included(c))
		return KIND_BASE;
	if (property->ignorable || property->decomp_type != 0 || is_old_hangul_jamo(c) ||
		is_excluded(c))
		return KIND_NONE;
	switch (property->category) {
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

static enum username_problem check_characters(const utf8proc_int32_t *points, size_t count)
{
	enum kind previous = KIND_SEPARATOR;
	size_t marks[MARK_KINDS] = {0}; /* in a row, of each kind */

	for (size_t i = 0; i < count; i++) {
		enum kind kind = classify(points[i]);
		if (kind == KIND_NONE)
			return USERNAME_CHARACTER;
		if (kind == KIND_SEPARATOR && previous == KIND_SEPARATOR)
			return USERNAME_SEPARATOR;
		if (kind < MARK_KINDS && previous == KIND_SEPARATOR)
			return USERNAME_MARK;
		if (kind < MARK_KINDS && ++marks[kind] > LIMIT_NAME_MARKS)
			return USERNAME_MARKS;
		if (kind == KIND_BASE)
			marks[KIND_MARK] = marks[KIND_SPACING_MARK] = 0;
		previous = kind;
	}
	return previous == KIND_SEPARATOR ? USERNAME_SEPARATOR : USERNAME_FINE;
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

/* The Bidi rule (RFC 5893, section 2) for names that have right-to-left characters: such a name
 * starts with one, has no left-to-right letters, ends with one or with a digit, and has digits of
 * one kind. */
static enum username_problem check_direction(const utf8proc_int32_t *points, size_t count)
{
	bool has_rtl = false, has_ltr = false, has_european = false, has_arabic = false;
	utf8proc_propval_t last = UTF8PROC_BIDI_CLASS_NSM;

	for (size_t i = 0; i < count; i++) {
		utf8proc_propval_t class = direction(points[i]);
		has_rtl |= is_rtl(class) || class == UTF8PROC_BIDI_CLASS_AN;
		has_ltr |= !is_rtl(class) && class != UTF8PROC_BIDI_CLASS_AN && !is_neutral(class);
		has_european |= class == UTF8PROC_BIDI_CLASS_EN;
		has_arabic |= class == UTF8PROC_BIDI_CLASS_AN;
		if (class != UTF8PROC_BIDI_CLASS_NSM)
			last = class;
	}
	if (!has_rtl)
		return USERNAME_FINE;
	bool ends_well =
		is_rtl(last) || last == UTF8PROC_BIDI_CLASS_EN || last == UTF8PROC_BIDI_CLASS_AN;
	if (has_ltr || !is_rtl(direction(points[0])) || !ends_well || (has_european && has_arabic))
		return USERNAME_DIRECTION;
	return USERNAME_FINE;
}

/* RFC 5892, appendices A.8 and A.9. */
static enum username_problem check_digits(const utf8proc_int32_t *points, size_t count)
{
	bool has_arabic_indic = false, has_extended = false;

	for (size_t i = 0; i < count; i++) {
		has_arabic_indic |= code_point_is_within(points[i], 0x0660, 0x0669);
		has_extended |= code_point_is_within(points[i], 0x06f0, 0x06f9);
	}
	return has_arabic_indic && has_extended ? USERNAME_DIGITS : USERNAME_FINE;
}

static bool are_ascii(const utf8proc_int32_t *points, size_t count)
{
	utf8proc_int32_t all = 0;

	for (size_t i = 0; i < count; i++)
		all |= points[i];
	return code_point_is_ascii(all);
}

static enum username_problem check_rules(const utf8proc_int32_t *points, size_t count)
{
	enum username_problem problem = check_characters(points, count);

	if (problem == USERNAME_FINE && are_ascii(points, count))
		return USERNAME_FINE;
	if (problem == USERNAME_FINE)
		problem = check_digits(points, count);
	if (problem == USERNAME_FINE)
		problem = check_direction(points, count);
	return problem;
}

/* False if the text is not pure ASCII. */
static bool copy_ascii(const char *text, size_t length, utf8proc_int32_t *points)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte > 127)
			return false;
		points[i] = byte;
	}
	return true;
}

/* The input without white space around it, in NFC. `trimmed` is set to its end in `text`. */
static enum username_problem normalize_input(const char *text, size_t length,
	utf8proc_int32_t points[static CODE_POINTS_MOST], size_t *count, const char **trimmed)
{
	const char *start = skip_spaces(text, text + length);
	const char *end = skip_spaces_back(start, text + length);

	*trimmed = end;
	if (start == end)
		return USERNAME_EMPTY;
	if (end - start > MOST_BYTES)
		return USERNAME_TOO_LONG;
	*count = (size_t)(end - start);
	if (!copy_ascii(start, *count, points)) {
		utf8proc_ssize_t normal = code_points_normalize(start, *count, points,
			CODE_POINTS_MOST, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
		if (normal < 0)
			return USERNAME_CHARACTER;
		*count = (size_t)normal;
	}
	return *count > LIMIT_NAME_CODE_POINTS ? USERNAME_TOO_LONG : USERNAME_FINE;
}

enum username_problem username_parse(const char *text, size_t length, struct username *username)
{
	utf8proc_int32_t points[CODE_POINTS_MOST];
	size_t count = 0;
	const char *end;

	enum username_problem problem = normalize_input(text, length, points, &count, &end);
	if (problem == USERNAME_FINE)
		problem = check_rules(points, count);
	if (problem != USERNAME_FINE)
		return problem;
	if (!utf8_encode(
		    points, count, username->text, sizeof(username->text), &username->length) ||
		name_key_fold(username->text, username->length, username->key,
			&username->key_length) != RESULT_OK)
		return USERNAME_TOO_LONG;
	return USERNAME_FINE;
}

enum username_problem username_parse_beginning(
	const char *text, size_t length, struct username_beginning *beginning)
{
	utf8proc_int32_t points[CODE_POINTS_MOST];
	size_t count = 0;
	const char *end;

	enum username_problem problem = normalize_input(text, length, points, &count, &end);
	if (problem != USERNAME_FINE)
		return problem;
	if (!utf8_encode(points, count, beginning->text, LIMIT_NAME, &beginning->length) ||
		name_key_fold(beginning->text, beginning->length, beginning->key,
			&beginning->word_length) != RESULT_OK ||
		beginning->word_length == LIMIT_NAME_KEY)
		return USERNAME_TOO_LONG;
	if (beginning->word_length == 0)
		return USERNAME_CHARACTER; /* all of it is ignored */
	beginning->key_length = beginning->word_length;
	if (end < text + length) {
		beginning->text[beginning->length++] = ' ';
		beginning->key[beginning->key_length++] = ' ';
	}
	return USERNAME_FINE;
}

const char *username_unicode_version(void)
{
	return utf8proc_unicode_version();
}
