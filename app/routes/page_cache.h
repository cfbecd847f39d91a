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

struct page_cache {
	struct buffer body;
	char revision[STORE_REVISION_SIZE]; /* of the users in it; empty: there is no page */
	uint64_t minute;                    /* in which it says how long ago they came */
};

/* A page says how long ago users came as of the first time that a client asks for it in a minute:
 * it can be a minute behind. */
uint64_t page_cache_minute(int64_t now);

/* Whether the body is there, and shows these users in this minute. */
bool page_cache_shows(const struct page_cache *kept, const struct store_view *view, int64_t now);

/* Empties the body, for these users to be rendered into it. */
struct buffer *page_cache_renew(
	struct page_cache *kept, const struct store_view *view, int64_t now);

void page_cache_free(struct page_cache *kept);

#endif
