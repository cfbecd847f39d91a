#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_KEPT_PAGE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_KEPT_PAGE_H

#include "base/buffer.h"

/*
 * Compares a page with the one that is kept in a file, from beginning to end: tests that look for a
 * text in a page do not see what is missing beside it. The fingerprints of assets are left out of
 * both. With TEST_KEEP=1 in the environment the file is written instead: after an intended change
 * of a view, `git diff` shows what it did to the pages.
 */
void expect_kept_page(const char *path, const struct buffer *page);

#endif
