#ifndef ROLLCALL_STORE_PLACE_H
#define ROLLCALL_STORE_PLACE_H

#include <stdbool.h>
#include <uv.h>

#include "base/log.h"
#include "options/options.h"
#include "routes/site.h"
#include "store/files/watched_vfs.h"
#include "store/store.h"

/* What an open store needs beside itself, which stays where it is until the store is closed. */
struct store_place {
	struct watched_vfs disk;
};

struct store_place_settings {
	uv_loop_t *loop;
	struct log *log;
	const struct options *options;
	bool is_cgi; /* the store serves one request */
};

/* Opens the store that the options name, of whichever kind. Returns 0, or an exit status after it
 * has said why not. May take long; nothing else runs on the loop meanwhile. */
int store_place_open(struct store_place *place, const struct store_place_settings *settings,
	struct store **store) MUST_CHECK;

bool store_place_is_database(const struct options *options);

/* Tells the site what only the place knows: which list it is, and the key under which users take
 * themselves off it. A directory may be waited for. A database tells it when the store tells of
 * sheet settings, too: it may not have been there before. */
void store_place_name(const struct options *options, struct store *store, struct site *site);

#endif
