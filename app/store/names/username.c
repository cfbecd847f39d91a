/*
 * Usernames from what is typed: white space, NFC and length here, the characters in
 * username_rules.c, the key in name_key.c.
 */
#include "store/names/username.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/base_form.h"
#include "store/names/code_points.h"
#include "store/names/name_key.h"
#include "store/names/username_rules.h"
#include "store/names/word_match.h"

/* No text with 64 code points in NFC is longer before NFC: each comes from at most four code points
 * of at most four bytes. */
#define MOST_BYTES 1024

/* Unicode's category Zs. */
static bool is_space_separator(utf8proc_int32_t c)
{
	return code_point_is_ascii(c) ? c == ' ' : utf8proc_category(c) == UTF8PROC_CATEGORY_ZS;
}

/* Unicode's property White_Space. */
static bool is_space(utf8proc_int32_t c)
{
	if (code_point_is_ascii(c))
		return c == ' ' || code_point_is_within(c, 0x09, 0x0d);
	return c == 0x85 || c == 0x2028 || c == 0x2029 || is_space_separator(c);
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

/* Below this, characters are in NFC as they are, accented letters of Latin among them: none of them
 * combines with the one before. To normalize Zoë-1 took 2,000 instructions. */
#define FIRST_COMBINING 0x300

/* Sets `count`. False if the text has other characters. */
static bool copy_composed(const char *text, size_t length, utf8proc_int32_t *points, size_t *count)
{
	size_t used = 0, step;

	for (size_t i = 0; i < length; i += step) {
		unsigned char byte = (unsigned char)text[i];
		points[used] = byte;
		step = byte < 128 ? 1 : utf8_decode(text + i, length - i, &points[used]);
		if (step == 0 || points[used] >= FIRST_COMBINING)
			return false;
		used++;
	}
	*count = used;
	return true;
}

#define IDEOGRAPHIC_SPACE 0x3000

/* Makes one space of several. A single ideographic space stays: it is as wide as the characters
 * beside it. Returns how many code points are left. */
static size_t fold_spaces(utf8proc_int32_t *points, size_t count)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		utf8proc_int32_t c = points[i];
		bool is_separator = is_space_separator(c);
		if (is_separator && left > 0 &&
			(points[left - 1] == ' ' || points[left - 1] == IDEOGRAPHIC_SPACE))
			points[left - 1] = ' ';
		else
			points[left++] = is_separator && c != IDEOGRAPHIC_SPACE ? ' ' : c;
	}
	return left;
}

/* The input in NFC, with single spaces and none around it. `trimmed` is set to its end in `text`.
 */
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
	if (!copy_composed(start, (size_t)(end - start), points, count)) {
		utf8proc_ssize_t normal = code_points_normalize(start, (size_t)(end - start),
			points, CODE_POINTS_MOST, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
		if (normal < 0)
			return USERNAME_CHARACTER;
		*count = (size_t)normal;
	}
	*count = fold_spaces(points, *count);
	return *count > LIMIT_NAME_CODE_POINTS ? USERNAME_TOO_LONG : USERNAME_FINE;
}

enum username_problem username_parse(const char *text, size_t length, struct username *username)
{
	SCRATCH utf8proc_int32_t points[CODE_POINTS_MOST];
	struct script_mix found = {0};
	size_t count = 0;
	const char *end;

	enum username_problem problem = normalize_input(text, length, points, &count, &end);
	username->refused = -1;
	if (problem != USERNAME_FINE)
		return problem;
	problem = username_rules_check(points, count, &found);
	if (problem == USERNAME_CHARACTER || problem == USERNAME_SCRIPTS) {
		username->refused = points[found.at];
		username->beside = points[found.beside];
	}
	if (problem != USERNAME_FINE)
		return problem;
	if (!utf8_encode(
		    points, count, username->text, sizeof(username->text), &username->length) ||
		name_key_fold(username->text, username->length, username->key,
			&username->key_length) != RESULT_OK)
		return USERNAME_TOO_LONG;
	username->lookalike =
		lookalike_of(username->text, username->length, username->key, username->key_length);
	return USERNAME_FINE;
}

/* The form of a text that words are compared by. False: there is none. */
static bool fold_beginning(struct username_beginning *beginning)
{
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length, accented;

	if (name_key_fold(beginning->text, beginning->length, key, &key_length) != RESULT_OK)
		return false;
	beginning->word_length = base_form_make(key, key_length, beginning->key, &accented);
	beginning->accents.count = 0;
	if (accented > 0)
		word_match_begin(&beginning->accents, key, key_length);
	beginning->is_accented = accented > 0 && beginning->accents.count == 0;
	if (beginning->is_accented) {
		memcpy(beginning->key, key, key_length);
		beginning->word_length = key_length;
	}
	name_key_order(beginning->key, beginning->word_length, beginning->key);
	return beginning->word_length < LIMIT_NAME_BASE;
}

enum username_problem username_parse_beginning(
	const char *text, size_t length, struct username_beginning *beginning)
{
	SCRATCH utf8proc_int32_t points[CODE_POINTS_MOST];
	size_t count = 0;
	const char *end;

	enum username_problem problem = normalize_input(text, length, points, &count, &end);
	if (problem != USERNAME_FINE)
		return problem;
	if (!utf8_encode(points, count, beginning->text, LIMIT_NAME, &beginning->length) ||
		!fold_beginning(beginning))
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
