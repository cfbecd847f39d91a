#include "routes/page_cache.h"

#include "support/test.h"
#include "support/unit/test_site.h"

#define MINUTE INT64_C(60000)

static const struct store_view one = {.revision = "1"}, other = {.revision = "10"};

TEST(keeps_nothing_at_first)
{
	const struct page_cache kept = {0};

	assert_false(page_cache_shows(&kept, &one, 0));
	assert_false(page_cache_shows(&kept, &one, 5 * MINUTE));
}

TEST(shows_what_it_was_rendered_for)
{
	struct page_cache kept = {0};

	buffer_string(page_cache_renew(&kept, &one, 5 * MINUTE), "one");
	assert_true(page_cache_shows(&kept, &one, 5 * MINUTE));
	assert_false(page_cache_shows(&kept, &other, 5 * MINUTE));
	buffer_string(page_cache_renew(&kept, &other, 5 * MINUTE), "two");
	assert_false(page_cache_shows(&kept, &one, 5 * MINUTE));
	assert_int_equal(kept.body.length, 3);
	assert_memory_equal(kept.body.bytes, "two", 3);
	page_cache_free(&kept);
	assert_false(page_cache_shows(&kept, &other, 5 * MINUTE));
}

TEST(shows_it_for_a_minute)
{
	struct page_cache kept = {0};

	buffer_string(page_cache_renew(&kept, &one, 5 * MINUTE + 1), "a page");
	assert_true(page_cache_shows(&kept, &one, 6 * MINUTE - 1));
	assert_false(page_cache_shows(&kept, &one, 6 * MINUTE));
	assert_true(page_cache_shows(&kept, &one, 5 * MINUTE));
	assert_false(page_cache_shows(&kept, &one, 5 * MINUTE - 1));
	page_cache_free(&kept);
}

TEST(a_page_without_memory_is_not_kept)
{
	struct page_cache kept = {0};

	buffer_string(page_cache_renew(&kept, &one, 0), "half a pa");
	assert_false(buffer_reserve(&kept.body, SIZE_MAX / 2));
	assert_false(page_cache_shows(&kept, &one, 0));
	buffer_string(page_cache_renew(&kept, &one, 0), "a page");
	assert_true(page_cache_shows(&kept, &one, 0));
	page_cache_free(&kept);
}

SITE_TEST(shows_no_users_but_those_of_the_store)
{
	struct page_cache kept = {0};

	buffer_string(page_cache_renew(&kept, store_view(site->store, 0), 0), "nobody");
	assert_true(page_cache_shows(&kept, store_view(site->store, 0), 0));
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	assert_false(page_cache_shows(&kept, store_view(site->store, 0), 0));
	buffer_string(page_cache_renew(&kept, store_view(site->store, 0), 0), "Ada");
	assert_true(page_cache_shows(&kept, store_view(site->store, 0), 0));
	test_site_restart(site);
	assert_false(page_cache_shows(&kept, store_view(site->store, 0), 0));
	page_cache_free(&kept);
}
