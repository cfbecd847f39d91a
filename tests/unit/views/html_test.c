#include "views/html.h"

#include <string.h>

#include "support/test.h"

static void expect(struct buffer *out, const char *text)
{
	assert_false(out->failed);
	assert_int_equal(out->length, strlen(text));
	if (out->length > 0)
		assert_memory_equal(out->bytes, text, out->length);
	buffer_free(out);
}

static void expect_text(const char *text, const char *escaped)
{
	struct buffer out = {0};
	struct html html = {.out = &out};

	html_string(&html, text);
	expect(&out, escaped);
}

TEST(text_is_escaped_for_elements_and_attributes)
{
	expect_text("", "");
	expect_text("plain", "plain");
	expect_text(
		"<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
	expect_text("\" onfocus=\"x", "&quot; onfocus=&quot;x");
	expect_text("a & b &amp; c", "a &amp; b &amp;amp; c");
	expect_text("<", "&lt;");
	expect_text("<<>>", "&lt;&lt;&gt;&gt;");
	expect_text("a<", "a&lt;");
	expect_text("<a", "&lt;a");
}

TEST(other_bytes_go_through)
{
	expect_text("Zoë 🎉 مريم", "Zoë 🎉 مريم");
	expect_text("\x80\xff\x01", "\x80\xff\x01");
}

TEST(every_byte_but_five_stands_for_itself)
{
	unsigned escaped = 0;

	for (int byte = 0; byte < 256; byte++) {
		struct buffer out = {0};
		struct html html = {.out = &out};
		const char c = (char)byte;
		html_text(&html, &c, 1);
		if (out.length == 1)
			assert_int_equal(out.bytes[0], c);
		else
			escaped++;
		buffer_free(&out);
	}
	assert_int_equal(escaped, 5);
}

TEST(text_is_as_long_as_it_says)
{
	struct buffer out = {0};
	struct html html = {.out = &out};

	html_text(&html, "a<b>c", 3);
	html_text(&html, NULL, 0);
	expect(&out, "a&lt;b");
}

static void expect_count(uint64_t number, const char *text)
{
	struct buffer out = {0};
	struct html html = {.out = &out};

	html_count(&html, number);
	expect(&out, text);
}

TEST(counts_are_grouped)
{
	expect_count(0, "0");
	expect_count(12, "12");
	expect_count(999, "999");
	expect_count(1000, "1,000");
	expect_count(10000, "10,000");
	expect_count(123456, "123,456");
	expect_count(1000000, "1,000,000");
	expect_count(UINT64_MAX, "18,446,744,073,709,551,615");
}

TEST(markup_and_numbers)
{
	struct buffer out = {0};
	struct html html = {.out = &out};

	html_markup(&html, "<b class=\"x\">");
	html_number(&html, 0);
	html_markup(&html, " ");
	html_number(&html, UINT64_MAX);
	html_markup(&html, "</b>");
	expect(&out, "<b class=\"x\">0 18446744073709551615</b>");
}

TEST(a_time)
{
	struct buffer out = {0};

	html_time(&(struct html){.out = &out}, 1700000000123, "then & there");
	expect(&out, "<time datetime=\"2023-11-14T22:13:20.123Z\">then &amp; there</time>");
}
