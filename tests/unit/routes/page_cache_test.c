#include "routes/page_cache.h"

#include <string.h>

#include "support/test.h"
#include "support/unit/test_site.h"

#define MINUTE INT64_C(60000)

TEST(keeps_nothing_at_first)
{
	const struct page_cache kept = {0};

	assert_false(page_cache_shows(&kept, "1-1"));
}

TEST(shows_what_it_was_rendered_for)
{
	struct page_cache kept = {0};

	buffer_string(page_cache_renew(&kept, "1-1"), "one");
	assert_true(page_cache_shows(&kept, "1-1"));
	assert_false(page_cache_shows(&kept, "1-10"));
	assert_false(page_cache_shows(&kept, "1-"));
	buffer_string(page_cache_renew(&kept, "1-2"), "two");
	assert_false(page_cache_shows(&kept, "1-1"));
	assert_int_equal(kept.body.length, 3);
	assert_memory_equal(kept.body.bytes, "two", 3);
	page_cache_free(&kept);
	assert_false(page_cache_shows(&kept, "1-2"));
}

TEST(a_page_without_memory_is_not_kept)
{
	struct page_cache kept = {0};

	buffer_string(page_cache_renew(&kept, "1"), "half a pa");
	assert_false(buffer_reserve(&kept.body, SIZE_MAX / 2));
	assert_false(page_cache_shows(&kept, "1"));
	buffer_string(page_cache_renew(&kept, "1"), "a page");
	assert_true(page_cache_shows(&kept, "1"));
	page_cache_free(&kept);
}

static void expect_version(
	const char *version, const struct test_site *site, int64_t now, bool is_same)
{
	char other[KEPT_PAGE_VERSION_SIZE];

	page_cache_version(other, store_view(site->store, 0), now);
	assert_int_equal(strcmp(version, other) == 0, is_same);
}

SITE_TEST(versions)
{
	char version[KEPT_PAGE_VERSION_SIZE];

	page_cache_version(version, store_view(site->store, 0), 5 * MINUTE);
	expect_version(version, site, 5 * MINUTE, true);
	expect_version(version, site, 6 * MINUTE - 1, true);
	expect_version(version, site, 6 * MINUTE, false);
	expect_version(version, site, 5 * MINUTE - 1, false);
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	expect_version(version, site, 5 * MINUTE, false);
	page_cache_version(version, store_view(site->store, 0), 5 * MINUTE);
	test_site_restart(site);
	expect_version(version, site, 5 * MINUTE, false);
}
