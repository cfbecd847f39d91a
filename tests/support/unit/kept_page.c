#include "support/unit/kept_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define ASSETS "/assets/"
#define ICON   "data:image/svg+xml,"

/* So many hexadecimal digits, between full stops, are in the name of an asset (cmake/assets.cmake).
 */
#define FINGERPRINT 16

/* The length of the fingerprint and its full stop, or 0. */
static size_t fingerprint_length(const char *text)
{
	static const char digits[] = "0123456789abcdef";

	return *text == '.' && strspn(text + 1, digits) == FINGERPRINT &&
			       text[1 + FINGERPRINT] == '.'
		       ? 1 + FINGERPRINT
		       : 0;
}

/* Without what changes when a file of www/ does. */
static void leave_out_assets(struct buffer *out, const char *text)
{
	while (*text != '\0') {
		size_t begin = strncmp(text, ASSETS, strlen(ASSETS)) == 0 ? strlen(ASSETS)
			       : strncmp(text, ICON, strlen(ICON)) == 0   ? strlen(ICON)
									  : 0;
		size_t kept = begin + (begin == strlen(ASSETS) ? strcspn(text + begin, ".\"") : 0);
		buffer_append(out, text, kept > 0 ? kept : 1);
		text += kept > 0 ? kept : 1;
		if (begin == strlen(ASSETS))
			text += fingerprint_length(text);
		else if (begin == strlen(ICON))
			text += strcspn(text, "\"");
	}
	buffer_append(out, "", 1);
	assert_false(out->failed);
}

static void write_kept(const char *path, const struct buffer *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text->bytes, 1, text->length - 1, file), text->length - 1);
	assert_int_equal(fclose(file), 0);
}

static void read_kept(const char *path, struct buffer *text)
{
	char bytes[4096];
	size_t length;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		fail_msg("no %s: TEST_KEEP=1 writes it", path);
	while ((length = fread(bytes, 1, sizeof(bytes), file)) > 0)
		buffer_append(text, bytes, length);
	fclose(file);
	buffer_append(text, "", 1);
	assert_false(text->failed);
}

/* At the first line that differs. */
static void expect_same(const char *path, const char *kept, const char *now)
{
	unsigned line = 1;

	while (strcspn(kept, "\n") == strcspn(now, "\n") &&
		strncmp(kept, now, strcspn(kept, "\n") + 1) == 0) {
		if (kept[strcspn(kept, "\n")] == '\0')
			return;
		kept += strcspn(kept, "\n") + 1;
		now += strcspn(now, "\n") + 1;
		line++;
	}
	fail_msg("%s:%u has\n%.*s\nand the page\n%.*s", path, line, (int)strcspn(kept, "\n"), kept,
		(int)strcspn(now, "\n"), now);
}

void expect_kept_page(const char *path, const struct buffer *page)
{
	struct buffer terminated = {0}, now = {0}, kept = {0};

	assert_false(page->failed);
	buffer_append(&terminated, page->bytes, page->length);
	buffer_append(&terminated, "", 1);
	assert_false(terminated.failed);
	leave_out_assets(&now, terminated.bytes);
	if (getenv("TEST_KEEP") != NULL)
		write_kept(path, &now);
	read_kept(path, &kept);
	expect_same(path, kept.bytes, now.bytes);
	buffer_free(&terminated);
	buffer_free(&now);
	buffer_free(&kept);
}
