#include "views/sheet_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/test.h"

typedef void sheet_part(struct html *html, const struct sheet_text *sheet);

static void expect_part(sheet_part *part, const struct sheet_text *sheet, const char *markup)
{
	struct buffer out = {0};

	part(&(struct html){.out = &out}, sheet);
	buffer_append(&out, "", 1);
	assert_false(out.failed);
	assert_string_equal(out.bytes, markup);
	buffer_free(&out);
}

static void expect_intro(const char *intro, const char *markup)
{
	expect_part(html_sheet_intro, &(struct sheet_text){.intro = intro}, markup);
}

static void expect_description(const char *intro, const char *markup)
{
	expect_part(html_sheet_description, &(struct sheet_text){.intro = intro}, markup);
}

static void expect_contact(const char *contact, const char *markup)
{
	char *line = memory_printf("<p>Questions: %s</p>\n", markup);

	expect_part(
		html_sheet_notes, &(struct sheet_text){.contact = contact, .privacy = ""}, line);
	free(line);
}

static void expect_privacy(const char *privacy, const char *markup)
{
	char *line = memory_printf("<p>%s</p>\n", markup);

	expect_part(
		html_sheet_notes, &(struct sheet_text){.contact = "", .privacy = privacy}, line);
	free(line);
}

TEST(introduction)
{
	expect_intro("", "");
	expect_intro(" \n\n", "");
	expect_intro("One.", "<div class=\"intro\">\n<p dir=\"auto\">One.</p>\n</div>\n");
	expect_intro("\nOne <b> & \"two\".\nThree.\n\n\n\nFour\n",
		"<div class=\"intro\">\n"
		"<p dir=\"auto\">One &lt;b&gt; &amp; &quot;two&quot;.<br>\nThree.</p>\n"
		"<p dir=\"auto\">Four</p>\n</div>\n");
}

TEST(description_is_the_first_paragraph)
{
	expect_description(
		"", "A sign-up sheet: put your name on the list, and see who else is on it.");
	expect_description("One \"two\".\n\nThree.", "One &quot;two&quot;.");
}

TEST(description_ends_with_a_word_or_a_character)
{
	char words[256], letters[256], expected[256];

	memset(words, 'a', sizeof(words));
	words[190] = ' ';
	words[210] = '\0';
	snprintf(expected, sizeof(expected), "%.190s…", words);
	expect_description(words, expected);

	letters[0] = 'a'; /* so that the limit is within a character */
	for (size_t i = 1; i < 221; i += 2)
		memcpy(letters + i, "ä", 3);
	snprintf(expected, sizeof(expected), "%.199s…", letters);
	expect_description(letters, expected);
}

TEST(contact)
{
	static const char *const words[] = {"Ada", "Ada (ada@example.org)", "ada@example",
		"@example.org", "ada@.org", "ada@example.", "ada@exa/mple.org", "ada@a@b.org",
		"http://example.org/", "https://", "https://example.org/ a", "javascript:alert(1)",
		"ada?x@example.org"};

	expect_contact("ada.b+c@example.org",
		"<a href=\"mailto:ada.b+c@example.org\">ada.b+c@example.org</a>");
	expect_contact("https://example.org/ask?a=b&c",
		"<a href=\"https://example.org/ask?a=b&amp;c\">example.org/ask?a=b&amp;c</a>");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *markup = memory_printf("<bdi>%s</bdi>", words[i]);
		expect_contact(words[i], markup);
		free(markup);
	}
	expect_contact("https://a.org/\"x", "<bdi>https://a.org/&quot;x</bdi>");
	expect_contact("<ada>", "<bdi>&lt;ada&gt;</bdi>");
}

TEST(privacy)
{
	expect_privacy("https://example.org/p", "<a href=\"https://example.org/p\">Privacy</a>");
	expect_privacy(
		"Deleted <soon>.\nAsk.", "Privacy: <bdi>Deleted &lt;soon&gt;.<br>\nAsk.</bdi>");
}

TEST(nothing_is_said)
{
	expect_part(html_sheet_notes, &(struct sheet_text){.contact = "", .privacy = ""}, "");
}
