/* DELETE and PATCH /users/{number}: what organisers change of a user, for programs. */
#include <stdio.h>
#include <string.h>

#include "base/limit.h"
#include "store/flat_file/flat_file_store.h"
#include "support/test.h"
#include "support/unit/test_site.h"

#define ORGANISER .remote_user = "grace"
#define JSON_BODY .content_type = "application/json"

static void expect_status(
	struct test_site *site, const struct memory_request *request, unsigned status)
{
	struct memory_gateway *memory = test_site_ask(site, request);

	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_close(memory);
}

/* With two users, Ada and Bob. */
static void open_to_organisers(struct test_site *site)
{
	site->site.has_admin = true;
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_int_equal(test_site_create(site, "username=Bob"), 303);
}

static void expect_user(struct test_site *site, const char *path, unsigned status, const char *name)
{
	struct memory_gateway *memory = test_site_get(site, path, NULL);

	assert_int_equal(memory_gateway_status(memory), status);
	if (name != NULL)
		memory_gateway_expect(memory, name);
	memory_gateway_close(memory);
}

SITE_TEST(removed)
{
	open_to_organisers(site);
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){.method = "DELETE", .path = "/users/1", ORGANISER});
	assert_int_equal(memory_gateway_status(memory), 204);
	assert_int_equal(memory_gateway_body_length(memory), 0);
	memory_gateway_expect_field(memory, "Cache-Control", "no-store");
	memory_gateway_close(memory);
	expect_user(site, "/users/1", 404, NULL);
	expect_user(site, "/users/2", 200, "Bob");
	captured_log_expect(&site->log, "event=user-removed organiser=grace number=1 ");
	assert_int_equal(test_site_create(site, "username=ada"), 303);
	expect_user(site, "/users/3", 200, "ada");
}

/* As everywhere else, it says who waits, if that is at hand. */
SITE_TEST(renamed_while_it_waits)
{
	open_to_organisers(site);
	store_set_limits(site->store,
		&(struct store_limits){
			.max_users = LIMIT_USERS, .seats = 1, .has_waiting_list = true});
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){.method = "PATCH",
					    .path = "/users/2",
					    .content_type = "application/json",
					    .body = "{\"username\":\"Eve\"}",
					    ORGANISER});
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, "\"waiting\":true");
	memory_gateway_close(memory);
}

/* The second of two organisers learns that there is nobody. */
SITE_TEST(removed_twice)
{
	open_to_organisers(site);
	expect_status(site,
		&(struct memory_request){.method = "DELETE", .path = "/users/1", ORGANISER}, 204);
	struct memory_gateway *memory = test_site_ask(
		site, &(struct memory_request){.method = "DELETE", .path = "/users/1", ORGANISER});
	assert_int_equal(memory_gateway_status(memory), 404);
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_expect(memory, "There is no user with that number.");
	memory_gateway_close(memory);
	assert_int_equal(captured_log_count(&site->log, "user-removed"), 1);
}

SITE_TEST(removed_while_no_organiser_asks)
{
	static const char *const methods[] = {"DELETE", "PATCH"};

	open_to_organisers(site);
	for (size_t i = 0; i < 2; i++) {
		expect_status(site,
			&(struct memory_request){.method = methods[i], .path = "/users/1"}, 403);
		expect_status(site,
			&(struct memory_request){.method = methods[i],
				.path = "/users/1",
				ORGANISER,
				.fetch_site = "cross-site"},
			403);
		expect_status(site,
			&(struct memory_request){.method = methods[i],
				.path = "/users/1",
				.remote_user_header = "grace",
				.operator_header = "root"},
			403);
	}
	site->site.has_admin = false;
	expect_status(site,
		&(struct memory_request){.method = "DELETE", .path = "/users/1", ORGANISER}, 403);
	expect_user(site, "/users/1", 200, "Ada");
	assert_int_equal(captured_log_count(&site->log, "user-removed"), 0);
}

/* What no client waits for any more is made all the same, and its line is in the log. */
SITE_TEST(removed_for_a_client_that_has_gone)
{
	struct response *pending;

	open_to_organisers(site);
	struct memory_gateway *memory = test_site_begin(site,
		&(struct memory_request){.method = "DELETE", .path = "/users/1", ORGANISER},
		&pending);
	assert_non_null(pending);
	response_abandon(pending);
	test_site_settle(site);
	assert_int_equal(memory_gateway_responds(memory), 0);
	memory_gateway_close(memory);
	expect_user(site, "/users/1", 404, NULL);
	captured_log_expect(&site->log, "event=user-removed organiser=grace number=1 ");
}

static struct memory_gateway *ask_to_rename(
	struct test_site *site, const char *path, const char *body)
{
	return test_site_ask(
		site, &(struct memory_request){
			      .method = "PATCH", .path = path, ORGANISER, JSON_BODY, .body = body});
}

static void expect_rename_refused(struct test_site *site, const char *path, const char *body,
	unsigned status, const char *reason)
{
	struct memory_gateway *memory = ask_to_rename(site, path, body);

	assert_int_equal(memory_gateway_status(memory), status);
	memory_gateway_expect_field(memory, "Content-Type", "application/problem+json");
	memory_gateway_expect(memory, reason);
	memory_gateway_close(memory);
}

SITE_TEST(renamed)
{
	open_to_organisers(site);
	struct memory_gateway *memory = ask_to_rename(site, "/users/1", "{\"username\":\"Ada L\"}");
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_expect(memory, "\"number\":1,\"username\":\"Ada L\"");
	memory_gateway_close(memory);
	expect_user(site, "/users/1", 200, "Ada L");
	captured_log_expect(&site->log, "event=user-renamed organiser=grace number=1 ");
	expect_status(site,
		&(struct memory_request){.method = "PATCH",
			.path = "/users/1",
			ORGANISER,
			JSON_BODY,
			.body = "{\"username\":\" Ada L \"}"},
		200);
	assert_int_equal(captured_log_count(&site->log, "user-renamed"), 1);
	/* The old name is free, another spelling of the own one is not another's. */
	expect_rename_refused(
		site, "/users/2", "{\"username\":\"ada l\"}", 409, "is taken by Ada L.");
	expect_status(site,
		&(struct memory_request){.method = "PATCH",
			.path = "/users/1",
			ORGANISER,
			JSON_BODY,
			.body = "{\"username\":\"ADA L\"}"},
		200);
	expect_user(site, "/users/1", 200, "ADA L");
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
}

SITE_TEST(renamed_to_one_letter)
{
	open_to_organisers(site);
	struct memory_gateway *memory = ask_to_rename(site, "/users/1", "{\"username\":\"X\"}");
	assert_int_equal(memory_gateway_status(memory), 200);
	memory_gateway_close(memory);
	expect_user(site, "/users/1", 200, "X");
}

SITE_TEST(renames_that_are_refused)
{
	open_to_organisers(site);
	expect_rename_refused(site, "/users/1", "{\"username\":\"bob\"}", 409, "/users/2");
	expect_rename_refused(site, "/users/1", "{\"username\":\"a\\u0000b\"}", 422, "#/username");
	expect_rename_refused(site, "/users/1", "{\"username\":\"\"}", 422, "#/username");
	expect_rename_refused(site, "/users/1", "{\"username\":7}", 422, "A username is a string.");
	expect_rename_refused(site, "/users/1", "[]", 422, "not an object");
	expect_rename_refused(site, "/users/1", "{", 400, "could not be read");
	expect_rename_refused(site, "/users/9", "{\"username\":\"Eve\"}", 404, "no user");
	expect_user(site, "/users/1", 200, "Ada");
	assert_int_equal(captured_log_count(&site->log, "user-renamed"), 0);
}
