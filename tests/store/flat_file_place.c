/* Where the flat file of a test is. The log goes to memory: what a store writes there is no part of
 * the contract. */
#include "store/flat_file_place.h"

#include "store/flat_file/flat_file_store.h"
#include "support/test.h"

void flat_file_place_make(struct flat_file_place *place)
{
	temporary_directory_make(&place->directory);
	captured_log_open(&place->log, LOG_WARN);
}

void flat_file_place_remove(struct flat_file_place *place)
{
	captured_log_close(&place->log);
	temporary_directory_remove(&place->directory);
}

struct store *flat_file_place_open(
	struct flat_file_place *place, uv_loop_t *loop, uint64_t max_users)
{
	const struct flat_file_store_settings settings = {.loop = loop,
		.log = place->log.log,
		.vfs = vfs_posix(),
		.directory = place->directory.path,
		.limits = {.max_users = max_users}};
	struct reason reason;

	if (flat_file_store_open(&settings, &place->store, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	return place->store;
}
