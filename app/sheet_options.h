#ifndef ROLLCALL_SHEET_OPTIONS_H
#define ROLLCALL_SHEET_OPTIONS_H

#include <stdint.h>

#include "options/options.h"
#include "routes/site.h"
#include "store/flat_file/flat_file_store.h"
#include "store/sheet_settings.h"

/* What of the site the options say, which is changed in place; what was set in the store counts
 * before them. Borrows the texts of both. */
void site_set_options(
	struct site *site, const struct options *options, const struct sheet_settings *settings);

/* Which list it has, whose store is open; and the key under which users take themselves off it.
 * Without one, which is logged, they cannot. May wait for the disk. */
void site_set_list(struct site *site, const char *directory);

/* A hash of the program's build and of the options that pages show something of: where it is the
 * same, equal users make equal pages. */
uint64_t site_pages_of(const struct options *options);

/* The limits of the store, as far as the options say them. */
struct store_limits store_limits_of(const struct options *options);

#endif
