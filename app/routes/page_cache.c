/*
 * Nearly all clients ask for one of two pages. Such a page is rendered once for a revision of the
 * users and a minute, and is then lent to each response without a copy.
 */
#include "routes/page_cache.h"

#include <string.h>

uint64_t page_cache_minute(int64_t now)
{
	return (uint64_t)now / 60000;
}

bool page_cache_shows(const struct page_cache *kept, const struct store_view *view, int64_t now)
{
	return kept->minute == page_cache_minute(now) &&
	       strcmp(kept->revision, view->revision) == 0 && !kept->body.failed;
}

struct buffer *page_cache_renew(struct page_cache *kept, const struct store_view *view, int64_t now)
{
	stpcpy(kept->revision, view->revision);
	kept->minute = page_cache_minute(now);
	buffer_clear(&kept->body);
	return &kept->body;
}

void page_cache_free(struct page_cache *kept)
{
	buffer_free(&kept->body);
	*kept = (struct page_cache){0};
}
