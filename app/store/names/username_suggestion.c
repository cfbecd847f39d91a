/*
 * Suggests a name in place of a text that was refused: with the signs on keyboards that look like
 * an apostrophe or a hyphen made one, compatibility characters replaced by what they stand for, a
 * space for what no name has, and one separator where there are several. In a Latin name, letters
 * of another script become those that they look like. The rules themselves judge the outcome.
 */
#include "store/names/username_suggestion.h"

#include "base/scratch.h"
#include "base/utf8.h"
#include "store/names/code_points.h"
#include "store/names/context_rules.h"
#include "store/names/skeleton.h"
#include "store/names/username_rules.h"

/* No text that is suggested is longer. */
#define MOST_POINTS ((size_t)LIMIT_NAME_CODE_POINTS * 2)

struct draft {
	utf8proc_int32_t points[MOST_POINTS];
	size_t count;
	bool is_full;
};

static void append_point(struct draft *draft, utf8proc_int32_t c)
{
	if (draft->count == MOST_POINTS)
		draft->is_full = true;
	else
		draft->points[draft->count++] = c;
}

static bool is_like_apostrophe(utf8proc_int32_t c)
{
	return c == '`' || c == 0xb4 || c == 0x201b || c == 0x2032;
}

static bool is_like_hyphen(utf8proc_int32_t c)
{
	return code_point_is_within(c, 0x2010, 0x2015) || c == 0x2212 || c == 0x5be;
}

static bool parts_words(utf8proc_int32_t c)
{
	return c == ' ' || c == '.' || c == '_' || c == '-' || c == 0x3000 || c == 0x30fb;
}

/* Whether a name could have the character, beside the right others: behind a letter, say. */
static bool is_possible(utf8proc_int32_t c)
{
	const utf8proc_int32_t after_letter[] = {'a', c};
	struct script_mix found;

	return username_rules_check(&c, 1, &found) != USERNAME_CHARACTER ||
	       username_rules_check(after_letter, 2, &found) != USERNAME_CHARACTER;
}

/* What a compatibility character stands for, or a space for what no name has. */
static void append_replaced(struct draft *draft, utf8proc_int32_t c)
{
	utf8proc_int32_t parts[CODE_POINT_PARTS];
	size_t count = code_point_nfkc(c, parts);

	if (count == 0 || parts[0] == c) {
		append_point(draft, ' ');
		return;
	}
	for (size_t i = 0; i < count; i++)
		append_point(
			draft, is_possible(parts[i]) || context_rule_of(parts[i]) != CONTEXT_NONE
				       ? parts[i]
				       : ' ');
}

static void append_character(
	struct draft *draft, const utf8proc_int32_t *points, size_t count, size_t at)
{
	utf8proc_int32_t c = points[at];

	if (is_like_apostrophe(c))
		append_point(draft, '\'');
	else if (is_like_hyphen(c))
		append_point(draft, '-');
	else if (is_possible(c) || context_rule_allows(points, count, at))
		append_point(draft, c);
	else if (!utf8proc_get_property(c)->ignorable)
		append_replaced(draft, c);
}

static bool may_stand_behind(utf8proc_int32_t before, utf8proc_int32_t c)
{
	return !parts_words(c) || !parts_words(before) || (before == '.' && c == ' ');
}

/* Of several separators the first stays that is no space; behind a full stop, a space may. None
 * stays at an end, but for the full stop of an abbreviation. */
static void join_separators(struct draft *draft)
{
	utf8proc_int32_t *points = draft->points;
	size_t left = 0;

	for (size_t i = 0; i < draft->count; i++) {
		utf8proc_int32_t c = points[i];
		if (may_stand_behind(left > 0 ? points[left - 1] : ' ', c))
			points[left++] = c;
		else if (left > 0 && points[left - 1] == ' ')
			points[left - 1] = c;
	}
	if (left > 0 && parts_words(points[left - 1]) && points[left - 1] != '.')
		left--;
	draft->count = left;
}

static bool draft_from_text(struct draft *draft, const char *text, size_t length)
{
	SCRATCH utf8proc_int32_t points[CODE_POINTS_MOST];

	if (length > (size_t)LIMIT_NAME * 2)
		return false;
	utf8proc_ssize_t count = code_points_normalize(
		text, length, points, CODE_POINTS_MOST, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	for (utf8proc_ssize_t i = 0; i < count; i++)
		append_character(draft, points, (size_t)count, (size_t)i);
	join_separators(draft);
	return draft->count > 0 && !draft->is_full;
}

/* The letter of ASCII that one of another script looks like, or the letter itself. */
static utf8proc_int32_t latin_twin(utf8proc_int32_t c)
{
	char text[UTF8_MOST];
	SCRATCH struct skeleton skeleton;
	size_t length;

	if (utf8_encode(&c, 1, text, sizeof(text), &length) &&
		skeleton_of(text, length, &skeleton) && skeleton.count == 1 &&
		!code_point_is_ascii(c) && code_point_is_ascii(skeleton.points[0]))
		return skeleton.points[0];
	return c;
}

static enum username_problem parse_draft(const struct draft *draft, struct username *suggestion)
{
	SCRATCH char bytes[MOST_POINTS * UTF8_MOST];
	size_t length;

	if (!utf8_encode(draft->points, draft->count, bytes, sizeof(bytes), &length))
		return USERNAME_TOO_LONG;
	return username_parse(bytes, length, suggestion);
}

bool username_suggest(const char *text, size_t length, struct username *suggestion)
{
	struct draft draft = {.count = 0};

	if (!draft_from_text(&draft, text, length))
		return false;
	enum username_problem problem = parse_draft(&draft, suggestion);
	if (problem == USERNAME_SCRIPTS && !code_point_is_ascii(suggestion->refused)) {
		for (size_t i = 0; i < draft.count; i++)
			draft.points[i] = latin_twin(draft.points[i]);
		problem = parse_draft(&draft, suggestion);
	}
	return problem == USERNAME_FINE;
}
