/* New users as events: their text, and where they begin. */
#include "routes/user_events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "store/names/username.h"
#include "support/test.h"
#include "support/unit/test_site.h"

/* A position with what this store has by now, so that only the rest is told. */
static struct streams_position position_at(struct test_site *site, uint64_t user)
{
	struct streams_position position = {{0, store_view(site->store, 0)->change, 0}};
	struct buffer out = {0};

	site->site.store = site->store; /* whatever TEST_STORE says: this is about one call */
	while (user_events_source(&site->site, &position, &out))
		;
	buffer_free(&out);
	position.at[0] = user;
	return position;
}

/* What comes after a position, in which %C stands for the number of the change. */
static void expect_source(
	struct test_site *site, struct streams_position *position, bool has_more, const char *begin)
{
	struct buffer out = {0}, expected = {0};
	char change[32];

	assert_int_equal(user_events_source(&site->site, position, &out), has_more);
	snprintf(change, sizeof(change), "%" PRIu64, position->at[1]);
	for (const char *at = begin; *at != '\0'; at++) {
		if (strncmp(at, "%C", 2) == 0)
			buffer_string(&expected, (at++, change));
		else
			buffer_append(&expected, at, 1);
	}
	buffer_append(&expected, "", 1);
	buffer_append(&out, "", 1);
	assert_false(out.failed);
	if (*begin == '\0')
		assert_string_equal(out.bytes, "");
	assert_memory_equal(out.bytes, expected.bytes, expected.length - 1);
	buffer_free(&out);
	buffer_free(&expected);
}

static void expect_after(
	struct test_site *site, uint64_t after, uint64_t until, bool has_more, const char *begin)
{
	struct streams_position position = position_at(site, after);

	expect_source(site, &position, has_more, begin);
	assert_int_equal(position.at[0], until);
}

SITE_TEST(one_event_for_each)
{
	expect_after(site, 0, 0, false, "");
	test_site_fill(site, 2);
	expect_after(site, 0, 2, false,
		"id: 1-%C\nevent: user\ndata: "
		"{\"number\":1,\"username\":\"user001\",\"created\":\"");
	expect_after(site, 1, 2, false,
		"id: 2-%C\nevent: user\ndata: "
		"{\"number\":2,\"username\":\"user002\",\"created\":\"");
	expect_after(site, 2, 2, false, "");
}

SITE_TEST(a_chunk_at_a_time)
{
	test_site_fill(site, LIMIT_STREAM_CHUNK + 10);
	expect_after(site, 0, LIMIT_STREAM_CHUNK, true, "id: 1-%C\n");
	expect_after(site, LIMIT_STREAM_CHUNK, LIMIT_STREAM_CHUNK + 10, false, "id: 101-%C\n");
}

/* store_outcome_cb */
static void on_changed(void *argument, enum result result, const struct user *user)
{
	(void)argument;
	(void)user;
	assert_int_equal(result, RESULT_OK);
}

static void remove_user(struct test_site *site, uint64_t number)
{
	struct store_job *job;

	assert_int_equal(store_remove(site->store, number, on_changed, NULL, &job), RESULT_OK);
	test_site_settle(site);
}

SITE_TEST(users_who_are_removed)
{
	test_site_fill(site, 3);
	struct streams_position position = position_at(site, 3);
	remove_user(site, 2);
	expect_source(site, &position, false, "id: 3-%C\nevent: removed\ndata: {\"number\":2}\n\n");
	expect_source(site, &position, false, "");
	remove_user(site, 3);
	remove_user(site, 1);
	position.at[1]++;
	expect_source(site, &position, false, "id: 3-%C\nevent: removed\ndata: {\"number\":1}\n\n");
}

SITE_TEST(users_who_are_renamed)
{
	struct username username;
	struct store_job *job;
	struct user holder;

	test_site_fill(site, 3);
	struct streams_position position = position_at(site, 3), early = position;
	assert_int_equal(username_parse("Ada", 3, &username), USERNAME_FINE);
	assert_int_equal(store_rename(site->store, 2, &username, on_changed, NULL, &job, &holder),
		RESULT_OK);
	test_site_settle(site);
	expect_source(site, &position, false,
		"id: 3-%C\nevent: renamed\ndata: "
		"{\"number\":2,\"username\":\"Ada\",\"created\":\"");
	remove_user(site, 2);
	early.at[1]++;
	expect_source(site, &early, false, "id: 3-%C\nevent: removed\ndata: {\"number\":2}\n\n");
}

/* A client that has been away for too long, or comes back to another run of the program. */
SITE_TEST(changes_that_are_not_known_any_more)
{
	test_site_fill(site, 3);
	struct streams_position position = position_at(site, 1);
	uint64_t change = position.at[1];
	position.at[1] = 1;
	expect_source(site, &position, false,
		"id: 1-%C\nevent: reload\ndata: {}\n\nid: 2-%C\nevent: user\n");
	assert_int_equal(position.at[0], 3);
	assert_int_equal(position.at[1], change);
	expect_source(site, &position, false, "");
}

/* At the beginning of a stream, and whenever it is another. */
SITE_TEST(the_sheet)
{
	struct streams_position only = {{UINT64_MAX, UINT64_MAX, 0}};

	site->site.store = site->store;

	site->site.sheet.closes = site->site.clock() + 5000;
	expect_source(site, &only, false,
		"event: sheet\ndata: {\"title\":\"Sign-up "
		"sheet\",\"state\":\"open\",\"closes\":\"");
	assert_int_equal(user_events_due(&site->site), 5000);
	test_site_fill(site, 3);
	expect_source(site, &only, false, "");
	test_site_set_time(site->site.sheet.closes);
	expect_source(site, &only, false,
		"event: sheet\ndata: {\"title\":\"Sign-up sheet\",\"state\":\"closed\"");
	assert_int_equal(user_events_due(&site->site), STREAMS_NEVER);
	site->site.sheet.closes = 0;
	site->site.sheet.seats = 3;
	expect_source(site, &only, false,
		"event: sheet\ndata: {\"title\":\"Sign-up "
		"sheet\",\"state\":\"full\",\"seats\":3}\n\n");
	site->site.sheet.text.title = "Other";
	expect_source(site, &only, false, "event: sheet\ndata: {\"title\":\"Other\",");
	expect_source(site, &only, false, "");
}

/* Under plain CGI nothing could send more later: clients are told not to come back. */
SITE_TEST(where_nothing_goes_on)
{
	struct memory_gateway *memory = test_site_get(site, "/users/events", NULL);
	assert_int_equal(memory_gateway_status(memory), 204);
	memory_gateway_expect_field(memory, "Content-Length", NULL);
	memory_gateway_expect_field(memory, "Content-Type", NULL);
	memory_gateway_close(memory);
}

static unsigned ask_after(struct test_site *site, const char *last_event_id)
{
	struct memory_gateway *memory = test_site_ask(site,
		&(struct memory_request){
			.method = "GET", .path = "/users/events", .last_event_id = last_event_id});
	unsigned status = memory_gateway_status(memory);

	memory_gateway_close(memory);
	return status;
}

SITE_TEST(ids_that_are_none)
{
	assert_int_equal(ask_after(site, "x"), 400);
	assert_int_equal(ask_after(site, "1 "), 400);
	assert_int_equal(ask_after(site, "-1"), 400);
	assert_int_equal(ask_after(site, "01"), 400);
	assert_int_equal(ask_after(site, "1000000000000000000"), 400);
	assert_int_equal(ask_after(site, "1-"), 400);
	assert_int_equal(ask_after(site, "-"), 400);
	assert_int_equal(ask_after(site, "1-2-3"), 400);
	assert_int_equal(ask_after(site, "1-02"), 400);
	assert_int_equal(ask_after(site, "1-2"), 204);
	assert_int_equal(ask_after(site, "0"), 204);
	assert_int_equal(ask_after(site, "12"), 204);
	assert_int_equal(ask_after(site, ""), 204);
}

SITE_TEST(queries)
{
	static const struct {
		const char *query;
		unsigned status;
	} cases[] = {{"after=1", 204}, {"after=1-2", 204}, {"only=sheet", 204},
		{"only=sheet&after=3", 204}, {"after=", 400}, {"after=x", 400}, {"only=", 400},
		{"only=users", 400}, {"only=shee", 400}, {"only=sheets", 400},
		{"after=1&after=2", 400}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct memory_gateway *memory =
			test_site_get(site, "/users/events", cases[i].query);
		assert_int_equal(memory_gateway_status(memory), cases[i].status);
		memory_gateway_close(memory);
	}
}

static void on_imported(void *argument, enum result result, const struct user *user)
{
	(void)argument, (void)user;
	assert_int_equal(result, RESULT_OK);
}

static void import_users(struct test_site *site, unsigned users)
{
	struct store_import *import;
	struct username username;
	struct user holder;
	char name[32];

	assert_int_equal(store_import_begin(site->store, &import), RESULT_OK);
	for (unsigned i = 1; i <= users; i++) {
		int length = snprintf(name, sizeof(name), "user%03u", i);
		assert_int_equal(username_parse(name, (size_t)length, &username), USERNAME_FINE);
		assert_int_equal(store_import_add(import, &username, 0, &holder), RESULT_OK);
	}
	assert_int_equal(store_import_commit(import, on_imported, NULL), RESULT_OK);
	test_site_settle(site);
}

SITE_TEST(a_client_far_behind_reads_the_list_anew)
{
	import_users(site, LIMIT_STREAM_BEHIND + 1);
	expect_after(site, 0, LIMIT_STREAM_BEHIND + 1, false,
		"id: 10001-%C\nevent: reload\ndata: {}\n\n");
	expect_after(site, 1, 1 + LIMIT_STREAM_CHUNK, true, "id: 2-%C\nevent: user\n");
}
