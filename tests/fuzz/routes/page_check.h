#ifndef ROLLCALL_TESTS_FUZZ_ROUTES_PAGE_CHECK_H
#define ROLLCALL_TESTS_FUZZ_ROUTES_PAGE_CHECK_H

#include <stddef.h>

/*
 * Expects a page that no text could have broken out of: every tag is one that the program writes,
 * with quoted attributes that it writes, and is closed; scripts are files of the site's own;
 * nothing that begins an element or a reference stands in a text.
 */
void page_check(const char *page, size_t length);

#endif
