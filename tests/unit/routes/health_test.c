/* GET /healthz and /readyz: the first says that the loop turns, the second that users can be
 * stored. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/test_site.h"

static void expect_text(struct memory_gateway *memory, unsigned status, const char *text)
{
	assert_int_equal(memory_gateway_status(memory), status);
	assert_string_equal(memory_gateway_body(memory), text);
	memory_gateway_expect_field(memory, "Content-Type", "text/plain; charset=utf-8");
	memory_gateway_expect_field(
		memory, "Cache-Control", status == 200 ? "no-cache" : "no-store");
	memory_gateway_expect_field(memory, "Retry-After", status == 200 ? NULL : "5");
	memory_gateway_close(memory);
}

static void expect_healthy(struct test_site *site)
{
	expect_text(test_site_get(site, "/healthz", NULL), 200, "ok\n");
}

static void expect_ready(struct test_site *site)
{
	expect_text(test_site_get(site, "/readyz", NULL), 200, "ready\n");
}

/* With the words of the store, which are some. */
static void expect_not_ready(struct test_site *site)
{
	const char *reason = "";
	char text[256];

	assert_int_not_equal(store_ready(site->store, &reason), RESULT_OK);
	assert_non_null(reason);
	assert_true(strlen(reason) > 0);
	snprintf(text, sizeof(text), "not ready: %s\n", reason);
	expect_text(test_site_get(site, "/readyz", NULL), 503, text);
}

SITE_TEST(well)
{
	expect_healthy(site);
	expect_ready(site);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_healthy(site);
	expect_ready(site);
}

SITE_TEST(no_room)
{
	fake_disk_fail(site->disk, VFS_WRITE, 0, ALWAYS, ENOSPC);
	fake_disk_fail(site->disk, VFS_ALLOCATE, 0, ALWAYS, ENOSPC);
	assert_int_equal(test_site_create(site, "username=Ada"), 503);
	expect_not_ready(site);
	expect_healthy(site);
	fake_disk_repair(site->disk);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_ready(site);
}

SITE_TEST(disk_in_doubt)
{
	fake_disk_fail(site->disk, VFS_SYNC, 0, ALWAYS, EIO);
	assert_int_equal(test_site_create(site, "username=Ada"), 503);
	fake_disk_repair(site->disk);
	expect_not_ready(site);
	assert_int_equal(test_site_create(site, "username=Ada"), 503);
	expect_not_ready(site);
	expect_healthy(site);
}

SITE_TEST(stopping)
{
	site->site.is_stopping = true;
	expect_text(test_site_get(site, "/readyz", NULL), 503, "not ready: stopping\n");
	expect_healthy(site);
}

static void expect_head(struct test_site *site, const char *path)
{
	struct memory_gateway *get = test_site_get(site, path, NULL);
	struct memory_gateway *head =
		test_site_ask(site, &(struct memory_request){.method = "HEAD", .path = path});

	assert_string_equal(memory_gateway_head(head), memory_gateway_head(get));
	assert_int_equal(memory_gateway_body_length(head), 0);
	memory_gateway_close(head);
	memory_gateway_close(get);
}

SITE_TEST(head)
{
	expect_head(site, "/healthz");
	expect_head(site, "/readyz");
	fake_disk_fail(site->disk, VFS_SYNC, 0, ALWAYS, EIO);
	assert_int_equal(test_site_create(site, "username=Ada"), 503);
	expect_head(site, "/readyz");
}
