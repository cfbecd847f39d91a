/* Times and shares as people read them. */
#include "views/loop/figures.h"

#include <string.h>

#include "support/test.h"

#define MS  UINT64_C(1000000)
#define GAP "\u00a0"

static void expect_figure(struct buffer *out, const char *text)
{
	assert_int_equal(out->length, strlen(text));
	assert_memory_equal(out->bytes, text, out->length);
	buffer_free(out);
}

static void expect_duration(uint64_t nanoseconds, const char *text)
{
	struct buffer out = {0};

	buffer_duration(&out, nanoseconds);
	expect_figure(&out, text);
}

static void expect_share(uint64_t part, uint64_t whole, const char *text)
{
	struct buffer out = {0};

	buffer_share(&out, part, whole);
	expect_figure(&out, text);
}

TEST(durations)
{
	expect_duration(0, "0");
	expect_duration(1, "1" GAP "µs");
	expect_duration(41001, "42" GAP "µs");
	expect_duration(MS, "1" GAP "ms");
	expect_duration(1250000, "1.3" GAP "ms");
	expect_duration(9940000, "9.9" GAP "ms");
	expect_duration(9960000, "10" GAP "ms");
	expect_duration(480 * MS, "480" GAP "ms");
	expect_duration(1000 * MS, "1" GAP "s");
	expect_duration(1549 * MS, "1.5" GAP "s");
	expect_duration(3600000 * MS, "3600" GAP "s");
}

TEST(shares)
{
	expect_share(0, 1000, "0%");
	expect_share(5, 0, "0%");
	expect_share(1, 1001, "<0.1%");
	expect_share(1, 1000, "0.1%");
	expect_share(34, 1000, "3.4%");
	expect_share(966, 1000, "97%");
	expect_share(1000, 1000, "100%");
	expect_share(1001, 1000, "100%");
}

/* As text of a page. */
TEST(a_share_is_escaped)
{
	struct buffer out = {0};

	html_share(&(struct html){.out = &out}, 1, 5000);
	expect_figure(&out, "&lt;0.1%");
}

TEST(things)
{
	struct buffer out = {0};
	struct html html = {.out = &out};

	html_things(&html, 1, "job", "jobs");
	html_things(&html, 1000, "job", "jobs");
	html_things(&html, 0, "job", "jobs");
	expect_figure(&out, "1 job1,000 jobs0 jobs");
}

/* A second of which nothing is known has not been spent with work. */
TEST(work)
{
	struct second second = {.length = 1000, .idle = 900};

	assert_int_equal(second_work(&second), 0);
	second.turns = 1;
	assert_int_equal(second_work(&second), 100);
	second.idle = 1001;
	assert_int_equal(second_work(&second), 0);
}

TEST(disk_time)
{
	struct second second = {.write_time = 20, .sync_time = 180};

	assert_int_equal(second_disk_time(&second), 0);
	second.batches = 2;
	assert_int_equal(second_disk_time(&second), 100);
	second.stuck = 1000;
	assert_int_equal(second_disk_time(&second), 1000);
}
