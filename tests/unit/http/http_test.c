#include "http/http.h"

#include <string.h>

#include "support/test.h"

#define FORM "application/x-www-form-urlencoded"

TEST(reasons)
{
	static const unsigned used[] = {
		200, 201, 303, 304, 400, 403, 404, 405, 409, 412, 413, 415, 422, 431, 500, 503};

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		assert_string_not_equal(http_reason(used[i]), "Unknown");
	assert_string_equal(http_reason(200), "OK");
	assert_string_equal(http_reason(303), "See Other");
	assert_string_equal(http_reason(422), "Unprocessable Content");
	assert_string_equal(http_reason(299), "Unknown");
	assert_string_equal(http_reason(0), "Unknown");
}

static void expect_form(const char *content_type, const char *expected)
{
	const char *parameters = NULL;

	assert_true(http_media_type_is(content_type, FORM, &parameters));
	assert_string_equal(parameters, expected);
}

static void expect_no_form(const char *content_type)
{
	const char *parameters = NULL;

	assert_false(http_media_type_is(content_type, FORM, &parameters));
}

TEST(media_types)
{
	expect_form(FORM, "");
	expect_form("Application/X-WWW-Form-URLencoded", "");
	expect_form(FORM " ", "");
	expect_form(FORM ";charset=utf-8", ";charset=utf-8");
	expect_form(FORM " \t; charset=utf-8", "; charset=utf-8");
	expect_no_form(NULL);
	expect_no_form("");
	expect_no_form(FORM "x");
	expect_no_form(FORM " x");
	expect_no_form(FORM ",text/plain");
	expect_no_form(" " FORM);
	expect_no_form("application/x-www-form-urlencode");
	expect_no_form("text/plain");
}

TEST(etags_match_by_weak_comparison)
{
	assert_true(http_etag_matches("\"a\"", "\"a\""));
	assert_true(http_etag_matches("W/\"a\"", "\"a\""));
	assert_true(http_etag_matches("\"a\"", "W/\"a\""));
	assert_true(http_etag_matches("W/\"a\"", "W/\"a\""));
	assert_false(http_etag_matches("W/\"a\"", "W/\"b\""));
	assert_false(http_etag_matches("\"ab\"", "\"a\""));
	assert_false(http_etag_matches("\"a\"", "\"ab\""));
	assert_false(http_etag_matches("\"A\"", "\"a\""));
}

TEST(etags_are_found_in_a_list)
{
	assert_true(http_etag_matches("*", "\"a\""));
	assert_true(http_etag_matches(" *", "\"a\""));
	assert_true(http_etag_matches("* \t", "\"a\""));
	assert_true(http_etag_matches("\"x\", W/\"y\",\t\"a\"", "\"a\""));
	assert_true(http_etag_matches("\"x\" , W/\"a\" ,", "\"a\""));
	assert_true(http_etag_matches("\"x\",, W/\"a\"", "\"a\""));
	assert_true(http_etag_matches("\"a,\", \"b\"", "\"a,\""));
	assert_true(http_etag_matches("\"\xc3\xa9\", \"a\"", "\"a\""));
	assert_true(http_etag_matches("\"\", \"a\"", "\"a\""));
	assert_true(http_etag_matches(", ,\"a\"", "\"a\""));
	assert_true(http_etag_matches("\"x,y\", \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x, \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\", \"y\"", "\"a\""));
}

TEST(etag_lists_that_are_none)
{
	assert_false(http_etag_matches(NULL, "\"a\""));
	assert_false(http_etag_matches("", "\"a\""));
	assert_false(http_etag_matches(", ", "\"a\""));
	assert_false(http_etag_matches("a", "\"a\""));
	assert_false(http_etag_matches("\"a", "\"a\""));
	assert_false(http_etag_matches("\"", "\"a\""));
	assert_false(http_etag_matches("W/", "\"a\""));
	assert_false(http_etag_matches("W/a", "\"a\""));
	assert_false(http_etag_matches("w/\"a\"", "\"a\""));
	/* A star stands alone. */
	assert_false(http_etag_matches("*, \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\", *", "\"a\""));
	assert_false(http_etag_matches(", *", "\"a\""));
	assert_false(http_etag_matches("**", "\"a\""));
	/* What is no tag, and what nothing separates. */
	assert_false(http_etag_matches("\"x y\", \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\t\", \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\x7f\", \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\"\"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\" \"a\"", "\"a\""));
	assert_false(http_etag_matches("\"x\";\"a\"", "\"a\""));
	assert_false(http_etag_matches("W/ \"a\"", "\"a\""));
}
