#ifndef ROLLCALL_STORE_NAMES_FOLDING_H
#define ROLLCALL_STORE_NAMES_FOLDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <utf8proc.h>

/*
 * What characters become by NFKC and case folding, found out once for each page of Unicode that
 * somebody asks for: the library takes some fifty times as long.
 */
#define FOLDING_OPTIONS                                                                            \
	(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

#define FOLDING_PAGE   256 /* characters that follow each other, mostly of one script */
#define FOLDING_STRIDE 8   /* bytes that can be read behind any of those of a page */

struct folding {
	uint16_t bytes_at; /* what it becomes alone, in the bytes of its page */
	uint8_t bytes;
	bool is_start;     /* it becomes that whatever stands before it, and leaves that as it is */
	uint16_t parts_at; /* what it is decomposed into, by code_points_decompose() */
	uint8_t parts;
};

struct folding_page {
	const char *bytes;
	const utf8proc_int32_t *parts;
	struct folding foldings[FOLDING_PAGE];
};

/* The page of all characters that stay as they are, and are starts, and so is all of their page:
 * most scripts without small letters have such. There is nothing in it. */
extern const struct folding_page folding_unchanged;

/* The folding module's own. */
extern _Thread_local const struct folding_page *folding_pages[0x110000 / FOLDING_PAGE];
const struct folding_page *folding_make_page(utf8proc_int32_t point);

static inline const struct folding_page *folding_page(utf8proc_int32_t point)
{
	const struct folding_page *page = folding_pages[(uint32_t)point / FOLDING_PAGE];

	return page != NULL ? page : folding_make_page(point);
}

/* Of a character of another page. */
static inline const struct folding *folding_in(
	const struct folding_page *page, utf8proc_int32_t point)
{
	return &page->foldings[(uint32_t)point % FOLDING_PAGE];
}

#endif
