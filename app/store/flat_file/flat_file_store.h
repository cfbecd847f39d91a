#ifndef ROLLCALL_STORE_FLAT_FILE_FLAT_FILE_STORE_H
#define ROLLCALL_STORE_FLAT_FILE_FLAT_FILE_STORE_H

#include <uv.h>

#include "base/log.h"
#include "base/reason.h"
#include "base/result.h"
#include "store/files/vfs.h"
#include "store/store.h"

/* The kind of store that keeps its users in a flat file (journal.h) and in memory. It calls back
 * before store_ask() returns, and its view is always at hand. */
struct flat_file_store_settings {
	uv_loop_t *loop;
	struct log *log;
	const struct vfs *vfs;
	const char *directory; /* where the file is */
	unsigned lock_wait;    /* seconds to wait for another process to give up the file */
	bool makes_list;       /* a new one, where something says that there was one */
	bool serves_one;       /* request: names are put in order only if that is a search */
	struct store_limits limits;
};

/* Reads all users. A failure is explained in `reason`; the result, and errno, as in
 * journal_open(). */
enum result flat_file_store_open(const struct flat_file_store_settings *settings,
	struct store **opened, struct reason *reason) MUST_CHECK;

#endif
