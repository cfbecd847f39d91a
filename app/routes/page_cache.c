/*
 * Nearly all clients ask for one of two pages. Such a page is rendered once for a version, which
 * names the users and the minute, and is then lent to each response without a copy.
 */
#include "routes/page_cache.h"

#include <string.h>

#include "base/decimal.h"

void page_cache_version(
	char version[static KEPT_PAGE_VERSION_SIZE], const struct store_view *view, int64_t now)
{
	char *end = stpcpy(version, view->revision);

	*end++ = '-';
	end += decimal_write((uint64_t)now / 60000, end);
	*end = '\0';
}

bool page_cache_shows(const struct page_cache *kept, const char *version)
{
	return strcmp(kept->version, version) == 0 && !kept->body.failed;
}

struct buffer *page_cache_renew(struct page_cache *kept, const char *version)
{
	stpcpy(kept->version, version);
	buffer_clear(&kept->body);
	return &kept->body;
}

void page_cache_free(struct page_cache *kept)
{
	buffer_free(&kept->body);
	*kept = (struct page_cache){0};
}
