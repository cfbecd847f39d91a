/* What people are told when the store does not know whether their change was stored, or will be:
 * not that it was not. */
#include <stdio.h>
#include <string.h>

#include "routes/leave/leave_link.h"
#include "support/test.h"
#include "support/unit/late_store.h"
#include "support/unit/test_site.h"

#define UNCONFIRMED "It could not be confirmed that "
#define FORM        .content_type = "application/x-www-form-urlencoded"
#define OF_GRACE    .remote_user = "grace"
#define IN_JSON     .content_type = "application/json", .accept = "application/json"

static const struct memory_request changes[] = {
	{TEST_SITE_POST("username=Ada")},
	{TEST_SITE_POST("username=Bob"), .accept = "application/json"},
	{.method = "POST", .path = "/admin/add", OF_GRACE, FORM, .body = "username=Carol"},
	{.method = "POST", .path = "/admin/users/1/rename", OF_GRACE, FORM, .body = "username=Eve"},
	{.method = "PATCH",
		.path = "/users/2",
		OF_GRACE,
		IN_JSON,
		.body = "{\"username\":\"Zoe\"}"},
	{.method = "POST", .path = "/admin/close", OF_GRACE, FORM, .body = ""},
	{.method = "POST", .path = "/admin/users/1/remove", OF_GRACE, FORM, .body = ""},
	{.method = "DELETE", .path = "/users/2", OF_GRACE, .accept = "application/json"},
};

static void expect_doubt(struct test_site *site, const struct memory_request *request)
{
	struct memory_gateway *memory = test_site_ask(site, request);

	if (memory_gateway_status(memory) != 503)
		fail_msg(
			"%s %s: %u", request->method, request->path, memory_gateway_status(memory));
	memory_gateway_expect_field(memory, "Retry-After", "5");
	memory_gateway_expect(memory, UNCONFIRMED);
	memory_gateway_expect_not(memory, "could not be stored");
	memory_gateway_close(memory);
}

static void open_site(struct test_site *site)
{
	test_site_open_late(site);
	site->site.has_admin = true;
	test_site_fill(site, 3);
}

static void test_nobody_is_told_that_it_was_not_stored(void **state)
{
	struct test_site site;

	(void)state;
	open_site(&site);
	late_store_doubt(site.late);
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		expect_doubt(&site, &changes[i]);
	test_site_close(&site);
}

static void test_somebody_leaves(void **state)
{
	static const unsigned char key[LEAVE_KEY_BYTES] = {1};
	struct test_site site;
	char form[64];

	(void)state;
	open_site(&site);
	memcpy(site.site.leave_key, key, sizeof(key));
	site.site.has_leave_key = true;
	struct memory_gateway *memory =
		test_site_ask(&site, &(struct memory_request){TEST_SITE_POST("username=Ada"),
					     .accept = "application/json"});
	const char *link = strstr(memory_gateway_body(memory), "\"/leave/4#");
	assert_non_null(link);
	snprintf(form, sizeof(form), "key=%.*s", LEAVE_CODE_SIZE - 1, strchr(link, '#') + 1);
	memory_gateway_close(memory);
	late_store_doubt(site.late);
	expect_doubt(&site,
		&(struct memory_request){.method = "POST", .path = "/leave/4", FORM, .body = form});
	test_site_close(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_is_told_that_it_was_not_stored),
		cmocka_unit_test(test_somebody_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
