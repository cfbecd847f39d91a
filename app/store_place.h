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

#endif
