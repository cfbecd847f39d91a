#include "http/parameter.h"

#include <string.h>

#include "base/buffer.h"
#include "support/test.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct row {
	const char *text;
	const char *read; /* as NAME=VALUE and a space each, `?` behind one that is not whole */
	const char *rest;
};

static void append(struct buffer *read, const struct parameter *parameter)
{
	buffer_append(read, parameter->name, parameter->name_length);
	buffer_string(read, "=");
	buffer_append(read, parameter->value, parameter->value_length);
	buffer_string(read, parameter->is_whole ? " " : "? ");
}

TEST(reading)
{
	static const struct row rows[] = {
		{"", "", ""},
		{";", "", ""},
		{" ; ;\t", "", ""},
		{";a=b", "a=b ", ""},
		{" \t; \ta=b \t; c=d ", "a=b c=d ", ""},
		{";a=b;;c=d;", "a=b c=d ", ""},
		{";a=\"b;c, d\";e=f", "a=b;c, d e=f ", ""},
		{";a=\"\\\"\\\\\"", "a=\\\"\\\\ ", ""},
		{";a=\"\"", "a= ", ""},
		{";!#$%&'*+-.^_`|~=1", "!#$%&'*+-.^_`|~=1 ", ""},
		/* Not whole. */
		{";a", "a=? ", ""},
		{";a;b=c", "a=? b=c ", ""},
		{";a=", "a=? ", ""},
		{";a=;b=c", "a=? b=c ", ""},
		{";a=\"b", "a=b? ", ""},
		{";a=\"b\\", "a=b\\? ", ""},
		{";a=\"b\\\"", "a=b\\\"? ", ""},
		{"; a =b", "a=? ", "=b"},
		{"; a= b", "a=? ", "b"},
		/* Where they end. */
		{"a=b", "", "a=b"},
		{"x;a=b", "", "x;a=b"},
		{";=b", "", "=b"},
		{";a=b,c=d", "a=b ", ",c=d"},
		{";a=b c", "a=b ", "c"},
		{";a=\"b\"c", "a=b ", "c"},
		{";a=b;@", "a=b ", "@"},
		{";a=b\"c\"", "a=b ", "\"c\""},
		{";\"a\"=b", "", "\"a\"=b"},
		{";\xc3\xa9=b", "", "\xc3\xa9=b"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *at = rows[i].text;
		struct buffer read = {0};
		struct parameter parameter;
		while (parameter_next(&at, &parameter))
			append(&read, &parameter);
		buffer_append(&read, "", 1);
		if (strcmp(read.bytes, rows[i].read) != 0 || strcmp(at, rows[i].rest) != 0)
			fail_msg("%s is read as %s, then %s", rows[i].text, read.bytes, at);
		buffer_free(&read);
	}
}

static struct parameter read_one(const char *text)
{
	struct parameter parameter;

	assert_true(parameter_next(&text, &parameter));
	return parameter;
}

TEST(comparing)
{
	const struct parameter plain = read_one(";Charset=UTF-8");
	const struct parameter quoted = read_one(";charset=\"\\U\\TF-\\8\"");
	const struct parameter open = read_one(";charset=\"utf-8\\");

	assert_true(parameter_is_named(&plain, "charset"));
	assert_false(parameter_is_named(&plain, "charse"));
	assert_false(parameter_is_named(&plain, "charsets"));
	assert_true(parameter_has_value(&plain, "utf-8"));
	assert_false(parameter_has_value(&plain, "utf-"));
	assert_false(parameter_has_value(&plain, "utf-80"));
	assert_true(parameter_has_value(&quoted, "utf-8"));
	assert_false(parameter_has_value(&quoted, "\\utf-8"));
	assert_false(parameter_has_value(&open, "utf-8"));
	assert_false(parameter_has_value(&plain, ""));
}

TEST(names_of_utf8)
{
	static const char *const names[] = {";c=utf-8", ";c=UTF8", ";c=\"Utf-8\"",
		";c=unicode-1-1-utf-8", ";c=unicode11utf8", ";c=unicode20utf8",
		";c=x-unicode20utf8"};
	static const char *const others[] = {";c=utf-16", ";c=utf", ";c=utf-8-sig", ";c=\"utf-8 \"",
		";c=\"\"", ";c", ";c=utf-7"};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct parameter parameter = read_one(names[i]);
		assert_true(parameter_is_utf8(&parameter));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		struct parameter parameter = read_one(others[i]);
		assert_false(parameter_is_utf8(&parameter));
	}
}
