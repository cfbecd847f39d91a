/* The page of the loop and its JSON, from a minute that the test makes up. */
#include "views/loop/loop.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/kept_page.h"
#include "views/loop/loop_json.h"

#define SECOND      UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)

static const struct sheet_text sheet = {.title = "A & B",
	.intro = "",
	.contact = "",
	.privacy = "",
	.style = "",
	.base_path = "/club"};

static struct minute minute;
static struct meters now;
static struct loop_alive alive;

static struct loop_view view_of_minute(void)
{
	return (struct loop_view){.sheet = &sheet,
		.minute = &minute,
		.alive = &alive,
		.pool = &now.pool,
		.now = 10 * SECOND};
}

static void begin_minute(void)
{
	now = (struct meters){0};
	alive = (struct loop_alive){0};
	minute_begin(&minute, &now, 5 * SECOND);
}

/* Of a quarter of which the poll phase made use. */
static void pass_second(void)
{
	now.loop.turns += 2000;
	now.loop.idle += SECOND / 4 * 3;
	now.loop.busy[PHASE_POLL] += SECOND / 5;
	now.loop.busy[PHASE_CHECK] += SECOND / 20;
	now.loop.callbacks[PHASE_POLL] += 1234;
	minute_add(&minute, &now, minute.sampled + SECOND);
}

static void expect_in(struct buffer *out, const char *text)
{
	assert_false(out->failed);
	if (memmem(out->bytes, out->length, text, strlen(text)) == NULL)
		fail_msg("%.*s\nhas no \"%s\"", (int)out->length, out->bytes, text);
}

static void expect_page(const char *text)
{
	const struct loop_view view = view_of_minute();
	struct buffer out = {0};

	loop_view(&out, &view);
	expect_in(&out, text);
	buffer_free(&out);
}

/* A loop that is next to idle is not idle, wherever it is shown. */
TEST(a_small_share_is_written_alike_everywhere)
{
	begin_minute();
	now.loop.turns += 2;
	now.loop.idle += SECOND - 31000;
	now.loop.busy[PHASE_TIMERS] += 31000;
	minute_add(&minute, &now, minute.sampled + SECOND);
	expect_page(">&lt;0.1%</text><text class=\"figure\" x=\"220\"");
	expect_page("The loop at work <strong>&lt;0.1%</strong>");
	expect_page("“probe” looks once a second");
}

/* Such a list has no job that tries the disk. */
TEST(a_list_in_a_database)
{
	begin_minute();
	now.database.is_used = true;
	minute_add(&minute, &now, minute.sampled + SECOND);
	const struct loop_view view = view_of_minute();
	struct buffer out = {0};
	loop_view(&out, &view);
	expect_in(&out, "The way to the database");
	assert_null(memmem(out.bytes, out.length, "probe", 5));
	buffer_free(&out);
}

TEST(shares_of_the_second_in_the_ring)
{
	begin_minute();
	pass_second();
	expect_page("class=\"part poll\" cx=\"220\" cy=\"220\" r=\"101\" pathLength=\"1000\" "
		    "transform=\"rotate(-90 220 220)\" stroke-dasharray=\"200 1000\" "
		    "stroke-dashoffset=\"-0\"");
	expect_page("stroke-dasharray=\"50 1000\" stroke-dashoffset=\"-200\"");
	expect_page("<g class=\"phase poll active\">");
	expect_page("<g class=\"phase check\">");
	expect_page(">25%</text>");
	expect_page("2,000 turns");
	expect_page("<strong>20%</strong>, 1,234 callbacks, and 75% waiting");
}

/* However little it is. */
TEST(what_is_there_is_seen)
{
	begin_minute();
	now.loop.busy[PHASE_CLOSE] = 1;
	minute_add(&minute, &now, minute.sampled + SECOND);
	expect_page("stroke-dasharray=\"1 1000\"");
}

TEST(words_are_escaped)
{
	begin_minute();
	now.disk.batch.sum = 1;
	now.loop.turns = 1;
	now.loop.idle = SECOND - 1000;
	minute_add(&minute, &now, minute.sampled + SECOND);
	expect_page("worked for &lt;0.1% of it");
}

TEST(before_the_first_second)
{
	begin_minute();
	expect_page("All is quiet");
	expect_page("0% now, at most 0% in the last minute");
}

TEST(bars_of_the_minute)
{
	begin_minute();
	for (unsigned i = 0; i < 100; i++) {
		now.connections.open = i;
		pass_second();
	}
	/* a scale to 100: the newest at the right edge, the oldest of 60 at the left */
	expect_page("Connections: 99 now, at most 99 in the last minute\"><path d=\"M119 40V1M117");
	expect_page("M1 40V24\"");
	expect_page("The loop at work: 25% now");
}

/* The highest bar is at the top of the chart, and the chart says what that is. */
TEST(the_scale_of_a_turn_without_bound)
{
	begin_minute();
	histogram_add(&now.loop.turn, histogram_times, 11 * SECOND);
	pass_second();
	expect_page("<path class=\"alarm\" d=\"M119 40V0\"/></svg>\n"
		    "<span class=\"scale\" aria-hidden=\"true\">10\u00a0s</span>");
}

TEST(a_slow_disk_is_seen)
{
	begin_minute();
	now.disk.under_way = 1;
	pass_second();
	pass_second();
	expect_page("<section id=\"verdict\" class=\"verdict slow-disk\"");
	expect_page("<section id=\"disk\" class=\"card alarm\"");
	expect_page("<path class=\"alarm\" d=\"M119 40V0\"");
}

TEST(jobs_of_the_pool)
{
	begin_minute();
	now.pool.threads = 3;
	now.pool.busy = 1;
	now.pool.jobs[2] = (struct job_meter){.name = "append", .since = 7 * SECOND};
	pass_second();
	expect_page("<i class=\"busy\"></i><i></i><i></i></p>");
	expect_page("<dt>append</dt><dd>for 3\u00a0s</dd>");
}

TEST(what_was_counted_is_in_a_row)
{
	static const char *const rows[] = {"At rest between requests</dt><dd>2",
		"Requests in the last second</dt><dd>40", "Jobs that wait for a thread</dt><dd>5",
		"Jobs done in the last second</dt><dd>60", "Batches in the last second</dt><dd>70",
		"Wait for a slow client</dt><dd>8", "Parts sent in the last second</dt><dd>90"};

	begin_minute();
	now.connections.idle = 2;
	now.requests.duration[0].counts[0] = 40;
	now.pool.queued = 5;
	now.pool.running.counts[0] = 60;
	now.disk.batches = 70;
	now.streams.blocked = 8;
	now.streams.sent = 90;
	pass_second();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect_page(rows[i]);
}

TEST(what_keeps_it_alive)
{
	begin_minute();
	alive.handles[ALIVE_CONNECTIONS].keeping = 12;
	alive.handles[ALIVE_TIMERS].watching = 4;
	alive.jobs = 1;
	expect_page("Connections</th><td>12</td><td>0</td>");
	expect_page("Timers</th><td>0</td><td>4</td>");
	expect_page("Jobs of the worker pool</th><td>1</td>");
}

/* Each part of the events is in the page as it is. */
TEST(parts_are_those_of_the_page)
{
	struct buffer page = {0}, parts = {0};
	const struct loop_view view = view_of_minute();

	begin_minute();
	pass_second();
	loop_view(&page, &view);
	loop_parts_view(&parts, &view);
	assert_false(parts.failed);
	for (const char *at = parts.bytes, *end; at < parts.bytes + parts.length; at = end + 1) {
		end = memchr(at, '\n', (size_t)(parts.bytes + parts.length - at));
		assert_non_null(end);
		assert_non_null(memmem(page.bytes, page.length, at, (size_t)(end + 1 - at)));
	}
	expect_in(&page, "href=\"/club/metrics\"");
	expect_in(&page, "A &amp; B");
	buffer_free(&page);
	buffer_free(&parts);
}

static json_t *read_json(void)
{
	const struct loop_view view = view_of_minute();
	struct buffer out = {0};
	json_error_t error;

	loop_json_view(&out, &view);
	assert_false(out.failed);
	json_t *json = json_loadb(out.bytes, out.length, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL)
		fail_msg("%s", error.text);
	buffer_free(&out);
	return json;
}

TEST(the_same_as_json)
{
	const char *name;
	json_int_t turns, callbacks, users, jobs;
	double seconds, busy;
	int is_paused;

	begin_minute();
	pass_second();
	now.disk.users = 77;
	now.connections.is_paused = true;
	alive.jobs = 3;
	pass_second();
	json_t *json = read_json();
	assert_int_equal(json_array_size(json_object_get(json, "last_minute")), 2);
	assert_int_equal(
		json_unpack(json, "{s:s,s:{s:I},s:[{s:F,s:{s:I,s:{s:{s:F,s:I}}},s:{s:b},s:{s:I}}]}",
			"state", &name, "alive", "jobs", &jobs, "last_minute", "seconds", &seconds,
			"loop", "turns", &turns, "phases", "poll", "seconds", &busy, "callbacks",
			&callbacks, "connections", "is_paused", &is_paused, "disk", "users",
			&users),
		0);
	assert_string_equal(name, "paused");
	assert_true(seconds == 1.0);
	assert_int_equal(turns, 2000);
	assert_true(busy == 0.2);
	assert_int_equal(callbacks, 1234);
	assert_true(is_paused);
	assert_int_equal(users, 77);
	assert_int_equal(jobs, 3);
	json_decref(json);
}

/* A turn past all bounds has none. */
TEST(json_of_a_turn_without_bound)
{
	begin_minute();
	histogram_add(&now.loop.turn, histogram_times, 11 * SECOND);
	pass_second();
	json_t *json = read_json();
	json_t *second = json_array_get(json_object_get(json, "last_minute"), 0);
	assert_true(json_is_null(
		json_object_get(json_object_get(second, "loop"), "longest_turn_under")));
	json_decref(json);
}

/* Of which each figure is another. */
static struct second full_second(void)
{
	return (struct second){.length = SECOND + 1000,
		.turns = 2001,
		.longest_turn = 5 * MILLISECOND,
		.idle = SECOND / 2,
		.busy = {SECOND / 10, SECOND / 20, SECOND / 5, SECOND / 50, SECOND / 100},
		.callbacks = {11, 12, 1301, 14, 15},
		.requests = 401,
		.request_time = MILLISECOND * 401 * 3,
		.requests_under_way = 16,
		.refused = 17,
		.open = 180,
		.resting = 150,
		.most = 1000,
		.accepted = 21,
		.closed = 22,
		.threads = 35,
		.threads_busy = 3,
		.jobs_waiting = 25,
		.jobs = 26,
		.jobs_time = MILLISECOND * 26 * 4,
		.streams = 1499,
		.streams_blocked = 28,
		.streams_most = 1500,
		.parts = 290,
		.users = 30123,
		.pending = 31,
		.under_way = 32,
		.created = 33,
		.batches = 34,
		.stored = 1190,
		.write_time = MILLISECOND * 34 * 2,
		.sync_time = MILLISECOND * 34 * 6,
		.trip_time = MILLISECOND * 34 * 7};
}

static void fill_alive(void)
{
	for (size_t i = 0; i < ALIVE_KINDS; i++) {
		alive.handles[i].keeping = 100 + i;
		alive.handles[i].watching = i == 0 ? 0 : 200 + i;
	}
	alive.handles[ALIVE_ASYNCS].keeping = 0;
	alive.handles[ALIVE_IDLES].keeping = alive.handles[ALIVE_IDLES].watching = 0;
	alive.jobs = 301;
	alive.writes = 302;
	alive.closing = 303;
}

static void expect_kept(const char *name, void (*write)(struct buffer *, const struct loop_view *))
{
	const struct loop_view view = view_of_minute();
	struct buffer page = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.txt", PAGES, name);
	write(&page, &view);
	expect_kept_page(path, &page);
	buffer_free(&page);
}

/* From beginning to end: nothing is missing or too much. */
TEST(whole_pages)
{
	static const struct {
		const char *name;
		struct second change;
	} rows[] = {
		{"working", {0}},
		{"database", {.is_database = true}},
		{"paused", {.is_paused = true}},
		{"failing", {.is_failing = true}},
		{"stuck", {.stuck = 3 * SECOND}},
		{"stuck-database", {.stuck = 3 * SECOND, .is_database = true}},
		{"delayed", {.delayed = 1, .longest_turn = UINT64_MAX}},
	};

	begin_minute();
	fill_alive();
	now.pool.jobs[1] = (struct job_meter){.name = "append", .since = 7 * SECOND};
	now.pool.jobs[METERS_JOBS - 1] = (struct job_meter){.name = "probe", .since = 11 * SECOND};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct second second = full_second();
		const struct second *change = &rows[i].change;
		second.is_database = change->is_database;
		second.is_paused = change->is_paused;
		second.is_failing = change->is_failing;
		second.stuck = change->stuck;
		second.delayed = change->delayed;
		if (change->longest_turn != 0)
			second.longest_turn = change->longest_turn;
		minute.seconds[minute.count++] = second;
		expect_kept(rows[i].name, i == 0 ? loop_view : loop_parts_view);
	}
	expect_kept("minute", loop_json_view);
}

/* Nothing of which there is more than nothing; and one of each. */
TEST(whole_pages_of_little)
{
	begin_minute();
	expect_kept("nothing", loop_parts_view);
	minute.seconds[minute.count++] = (struct second){.length = SECOND,
		.turns = 1,
		.idle = SECOND / 4,
		.busy = {[PHASE_CLOSE] = SECOND / 4 * 3},
		.requests = 1,
		.request_time = 1000,
		.open = 1,
		.most = 5000,
		.threads = 1,
		.threads_busy = 1,
		.jobs = 1,
		.users = 1,
		.streams = 1001,
		.streams_most = 1000};
	expect_kept("one", loop_parts_view);
	minute.seconds[minute.count++] = (struct second){.length = SECOND,
		.turns = 1,
		.idle = SECOND / 20,
		.pending = 1,
		.batches = 1,
		.stored = 1,
		.sync_time = 2 * SECOND};
	expect_kept("slow-disk", loop_parts_view);
	minute.seconds[minute.count++] =
		(struct second){.length = SECOND, .turns = 1, .idle = SECOND / 20};
	expect_kept("saturated", loop_parts_view);
}
