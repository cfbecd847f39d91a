#include "base/text/plain_text.h"

#include <string.h>

#include "support/test.h"

#define MOST 8

static const struct plain_text_rule one_line = {.most = MOST};
static const struct plain_text_rule lines = {.most = MOST, .has_lines = true};
static const struct plain_text_rule escapes = {
	.most = MOST, .has_lines = true, .has_escapes = true};
static const struct plain_text_rule required = {.most = MOST, .is_required = true};

static void expect_taken(const struct plain_text_rule *rule, const char *value, const char *text)
{
	struct reason reason;
	char taken[4 * MOST + 1];

	assert_true(plain_text_read(value, rule, taken, &reason));
	assert_string_equal(taken, text);
}

static void expect_refused(const struct plain_text_rule *rule, const char *value, const char *why)
{
	struct reason reason;
	char taken[4 * MOST + 1];

	assert_false(plain_text_read(value, rule, taken, &reason));
	assert_string_equal(reason.text, why);
}

TEST(one_line_of_any_script)
{
	expect_taken(&one_line, "", "");
	expect_taken(&one_line, "<b> & c", "<b> & c");
	expect_taken(&one_line, "Käse", "Käse");
	expect_taken(&one_line, "a\\nb", "a\\nb");
	expect_taken(&one_line, "a\xc2\xa0", "a\xc2\xa0");
	expect_refused(&one_line, "a\nb", "has a control character; expected one line");
}

TEST(lines)
{
	expect_taken(&lines, "a\nb", "a\nb");
	expect_taken(&lines, "C:\\new", "C:\\new");
	expect_refused(&lines, "a\rb", "has a control character");
}

TEST(escapes)
{
	expect_taken(&escapes, "a\nb", "a\nb");
	expect_taken(&escapes, "a\\n\\nb\\", "a\n\nb\\");
}

TEST(required)
{
	expect_taken(&required, " a", " a");
	expect_refused(&required, "", "cannot be empty");
	expect_refused(&required, "  ", "cannot be empty");
	expect_refused(&required, "\xc2\xa0", "cannot be empty");
	expect_refused(&required, "\u3000 \u200b\u200f\u3164", "cannot be empty");
	expect_taken(&required, "\u200b.", "\u200b.");
}

TEST(what_cannot_be_seen_says_nothing)
{
	expect_taken(&one_line, " ", "");
	expect_taken(&one_line, "\xc2\xa0\u200e", "");
	expect_taken(&escapes, " \\n \n", "");
}

TEST(control_characters)
{
	static const char *const controls[] = {
		"\x01", "a\t", "\x1b[0m", "\x7f", "\xc2\x80", "\xc2\x9f"};

	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		expect_refused(&lines, controls[i], "has a control character");
}

TEST(what_is_not_utf8)
{
	expect_refused(&one_line, "\xff", "not UTF-8");
	expect_refused(&one_line, "K\xe4se", "not UTF-8");
	expect_refused(&one_line, "a\xf0\x9f", "not UTF-8");
	expect_refused(&one_line, "\xed\xa0\x80", "not UTF-8");
}

TEST(characters_are_counted_and_not_bytes)
{
	expect_taken(&one_line, "12345678", "12345678");
	expect_taken(&one_line, "🎉🎉🎉🎉🎉🎉🎉🎉", "🎉🎉🎉🎉🎉🎉🎉🎉");
	expect_taken(&escapes, "1234567\\n", "1234567\n");
	expect_refused(&one_line, "123456789", "longer than 8 characters");
	expect_refused(&one_line, "🎉🎉🎉🎉🎉🎉🎉🎉🎉", "longer than 8 characters");
}
