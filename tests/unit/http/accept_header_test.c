#include "http/accept_header.h"

#include "support/test.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char *const offers[] = {"text/html", "application/json"};

enum { HTML, JSON };

struct row {
	const char *accept;
	size_t chosen;
};

static void expect_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t chosen = accept_header_choose(rows[i].accept, offers, COUNT(offers));
		if (chosen != rows[i].chosen)
			fail_msg("%s: %zu", rows[i].accept, chosen);
	}
}

TEST(no_preference_gives_the_first)
{
	static const struct row rows[] = {
		{NULL, HTML},
		{"", HTML},
		{" ", HTML},
		{",", HTML},
		{"*/*", HTML},
		{"*/*;q=0.1", HTML},
		{"text/html, application/json", HTML},
		{"application/json, text/html", HTML},
		{"application/*, text/*", HTML},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(quality_decides)
{
	static const struct row rows[] = {
		{"application/json", JSON},
		{"text/html", HTML},
		{"application/json, text/html;q=0.9", JSON},
		{"application/json;q=0.9, text/html", HTML},
		{"application/json;q=0.9, text/html;q=0.899", JSON},
		{"text/html;q=0.5,application/json;q=0.501", JSON},
		{"text/html;q=0.5,application/json;q=0.5001", HTML},
		{"text/html;q=1.000,application/json;q=0.999", HTML},
		{"application/json;q=0.001", JSON},
		{"text/html;q=0, application/json;q=0.001", JSON},
		{"text/html;q=0.0, */*", JSON},
		{"text/html;q=0, application/*;q=0.2", JSON},
		{"application/json;q=0, */*", HTML},
		{"APPLICATION/Json;Q=0.5, Text/HTML;q=0.4", JSON},
		{" \tapplication/json \t; \tq=1 \t,\ttext/html ;q=0.1", JSON},
	};

	expect_rows(rows, COUNT(rows));
}

/* The most exact range is the one that counts, wherever it stands. */
TEST(exactness_decides)
{
	static const struct row rows[] = {
		{"*/*, text/html;q=0.5", JSON},
		{"text/html;q=0.5, */*", JSON},
		{"text/*;q=0.5, */*;q=0.6", JSON},
		{"text/*, text/html;q=0.1, application/json;q=0.2", JSON},
		{"application/*;q=0.1, application/json, text/html;q=0.5", JSON},
		{"application/*, application/json;q=0.1, text/html;q=0.5", HTML},
		{"application/json;q=0.1, application/json;q=0.9, text/html;q=0.5", JSON},
		/* Of equals the one that is named. */
		{"application/json, */*", JSON},
		{"application/json, text/plain, */*", JSON},
		{"application/*, */*", JSON},
		{"text/*, application/json", JSON},
		{"text/html, */*", HTML},
		{"text/html, application/*", HTML},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(what_browsers_send)
{
	static const struct row rows[] = {
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
		 "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
			HTML},
		{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(nothing_that_there_is)
{
	static const struct row rows[] = {
		{"text/csv", HTML},
		{"image/*", HTML},
		{"text/html;q=0", HTML},
		{"application/json;q=0", HTML},
		{"*/*;q=0", HTML},
		{"text/html;q=0, application/json;q=0", HTML},
		{"application/jsonx", HTML},
		{"application/jso", HTML},
		{"xapplication/json", HTML},
		{"application", HTML},
		{"applicatio/*", HTML},
		{"application/*+json", HTML},
		{"*/json", HTML},
		{"*", HTML},
	};

	expect_rows(rows, COUNT(rows));
}

/* UTF-8 is what there is; no offer has any other parameter. */
TEST(parameters)
{
	static const struct row rows[] = {
		{"application/json;charset=utf-8", JSON},
		{"application/json; Charset=\"UTF-8\" ;q=0.9, text/html;q=0.8", JSON},
		{"application/json;charset=utf8", JSON},
		{"application/json;charset=\"\\utf-8\"", JSON},
		{"application/json;charset=\"utf-8, text/html", HTML},
		{"application/json;@=1", HTML},
		{"application/json;charset=utf-16", HTML},
		{"application/json;charset=utf-80", HTML},
		{"application/json;profile=\"x\"", HTML},
		{"text/html;level=1, application/json;q=0.1", JSON},
		{"application/json;", JSON},
		{"application/json;;q=0.5;, text/html;q=0.4", JSON},
		{"application/json;q=0.5;ext, text/html;q=0.4", JSON},
		{"application/json;q=0.5;ext=\"a,b\", text/html;q=0.4", JSON},
		/* What is quoted is not the list. */
		{"text/x;p=\", application/json\"", HTML},
		{"text/x;p=\"\\\", application/json\"", HTML},
		{"text/x;p=\"\\\\\", application/json", JSON},
		{"text/x;p=\", application/json", HTML},
		{"text/x;p=\"\\", HTML},
	};

	expect_rows(rows, COUNT(rows));
}

/* A range that cannot be read counts for nothing; the others do. */
TEST(what_cannot_be_read)
{
	static const struct row rows[] = {
		{"application/json;q=2", HTML},
		{"application/json;q=1.001", HTML},
		{"application/json;q=-1", HTML},
		{"application/json;q=", HTML},
		{"application/json;q", HTML},
		{"application/json;q=.5", HTML},
		{"application/json;q=0.5x", HTML},
		{"application/json;q=0x5", HTML},
		{"application/json;q=a", HTML},
		{"application/json;q=00.5", HTML},
		{"application/json x", HTML},
		{"application/json;q=1 x", HTML},
		{"application/json=1", HTML},
		{"text/html;q=2, application/json", JSON},
		{"text/html;q=0.5 x, application/json;q=0.1", JSON},
	};

	expect_rows(rows, COUNT(rows));
}

TEST(more_offers)
{
	static const char *const three[] = {
		"text/html", "application/json", "application/problem+json"};

	assert_int_equal(accept_header_choose("application/problem+json", three, 3), 2);
	assert_int_equal(
		accept_header_choose("application/problem+json, application/json", three, 3), 1);
	assert_int_equal(accept_header_choose("application/*", three, 3), 1);
	assert_int_equal(accept_header_choose("*/*", three, 3), 0);
}

/* What Prometheus sends: 2 and 3, and one that wants the older format. */
TEST(offers_with_parameters)
{
	static const char *const formats[] = {"text/plain; version=0.0.4; escaping=a; escaping=b",
		"application/openmetrics-text; version=1.0.0; escaping=a; escaping=b"};
	static const struct row rows[] = {
		{"application/openmetrics-text;version=1.0.0,"
		 "application/openmetrics-text;version=0.0.1;q=0.75,"
		 "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
			1},
		{"application/openmetrics-text;version=1.0.0;escaping=b;q=0.6,"
		 "application/openmetrics-text;version=0.0.1;q=0.5,"
		 "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
			1},
		{"application/openmetrics-text;version=1.0.0;q=0.4,text/plain;version=0.0.4", 0},
		{"application/openmetrics-text;version=1.0.0;escaping=c", 0},
		{"application/openmetrics-text;version=0.0.1, text/plain;q=0.1", 0},
		{"application/openmetrics-text;version=\"1.0.0\"", 1},
		{"application/openmetrics-text", 1},
		{"application/openmetrics", 0},
		{"application/openmetrics-text; version=1.0.0; charset=utf-8", 1},
		{"application/openmetrics-text; version=1.0.0; charset=latin1", 0},
		{"application/*;version=1.0.0", 0},
		{"*/*;version=1.0.0, text/plain;q=0, application/openmetrics-text;q=0.1", 1},
		/* One with parameters is more exact than one without. */
		{"application/openmetrics-text;version=1.0.0;q=0.1,"
		 "application/openmetrics-text, text/plain;q=0.5",
			0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t chosen = accept_header_choose(rows[i].accept, formats, COUNT(formats));
		if (chosen != rows[i].chosen)
			fail_msg("%s: %zu", rows[i].accept, chosen);
	}
}
