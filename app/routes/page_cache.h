#ifndef ROLLCALL_ROUTES_PAGE_CACHE_H
#define ROLLCALL_ROUTES_PAGE_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/store.h"

/*
 * A page as it was rendered last, for all clients that ask for the same until something of it has
 * changed. A zeroed struct keeps none.
 */

/* Names what there is to be shown at a time: the users, and how long ago they came. A page says
 * that as of the first time that somebody asks for it in a minute: it can be a minute behind. */
#define KEPT_PAGE_VERSION_SIZE (STORE_REVISION_SIZE + 24)
void page_cache_version(
	char version[static KEPT_PAGE_VERSION_SIZE], const struct store_view *view, int64_t now);

struct page_cache {
	struct buffer body;
	char version[KEPT_PAGE_VERSION_SIZE];
};

/* Whether the body is there, and shows this version. */
bool page_cache_shows(const struct page_cache *kept, const char *version);

/* Empties the body, for this version to be rendered into. */
struct buffer *page_cache_renew(struct page_cache *kept, const char *version);

void page_cache_free(struct page_cache *kept);

#endif
