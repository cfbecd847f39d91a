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
struct flat_file_limits {
	uint64_t max_users;
	/* Users at most, too, but the store is ready with all of them taken; 0: no such limit. With
	 * a waiting list there may be more. What is set in the store counts before these two. */
	uint64_t seats;
	bool has_waiting_list;
};

struct flat_file_store_settings {
	uv_loop_t *loop;
	struct log *log;
	const struct vfs *vfs;
	const char *directory; /* where the file is */
	unsigned lock_wait;    /* seconds to wait for another process to give up the file */
	bool makes_list;       /* a new one, where something says that there was one */
	bool serves_one;       /* request: names are put in order only if that is a search */
	struct flat_file_limits limits;
};

/* Reads all users. A failure is explained in `reason`; the result, and errno, as in
 * journal_open(). */
enum result flat_file_store_open(const struct flat_file_store_settings *settings,
	struct store **opened, struct reason *reason) MUST_CHECK;

/* The rest is for a store of this kind only. */

/* For new limits. */
void flat_file_store_set_limits(struct store *store, const struct flat_file_limits *limits);

/* Gives it a revision that it never had: users are shown in another way from now on. */
void flat_file_store_renew_revision(struct store *store);

#endif
