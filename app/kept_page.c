#include "kept_page.h"

#include <string.h>

#include "base/decimal.h"

void kept_page_version(
	char version[static KEPT_PAGE_VERSION_SIZE], const struct store *store, int64_t now)
{
	char *end = stpcpy(version, store_revision(store));

	*end++ = '-';
	end += decimal_write((uint64_t)now / 60000, end);
	*end = '\0';
}

bool kept_page_shows(const struct kept_page *kept, const char *version)
{
	return strcmp(kept->version, version) == 0 && !kept->body.failed;
}

struct buffer *kept_page_renew(struct kept_page *kept, const char *version)
{
	stpcpy(kept->version, version);
	buffer_clear(&kept->body);
	return &kept->body;
}

void kept_page_free(struct kept_page *kept)
{
	buffer_free(&kept->body);
	*kept = (struct kept_page){0};
}
