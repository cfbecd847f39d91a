#ifndef ROLLCALL_KEPT_PAGE_H
#define ROLLCALL_KEPT_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/store.h"

/*
 * A page as it was rendered last, for everybody who asks for the same until something of it has
 * changed. A zeroed struct keeps none.
 */

/* Names what there is to be shown at a time: the users, and how long ago they came. A page says
 * that as of the first time that somebody asks for it in a minute: it can be a minute behind. */
#define KEPT_PAGE_VERSION_SIZE (STORE_REVISION_SIZE + 24)
void kept_page_version(
	char version[static KEPT_PAGE_VERSION_SIZE], const struct store *store, int64_t now);

struct kept_page {
	struct buffer body;
	char version[KEPT_PAGE_VERSION_SIZE];
};

/* Whether the body is there, and shows this version. */
bool kept_page_shows(const struct kept_page *kept, const char *version);

/* Empties the body, for this version to be rendered into. */
struct buffer *kept_page_renew(struct kept_page *kept, const char *version);

void kept_page_free(struct kept_page *kept);

#endif
