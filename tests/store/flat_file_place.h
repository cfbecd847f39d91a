#ifndef ROLLCALL_TESTS_STORE_FLAT_FILE_PLACE_H
#define ROLLCALL_TESTS_STORE_FLAT_FILE_PLACE_H

#include <uv.h>

#include "store/store.h"
#include "support/temporary_directory.h"
#include "support/unit/captured_log.h"

/* A data directory, and the flat file store that is open in it. */
struct flat_file_place {
	struct temporary_directory directory;
	struct captured_log log;
	struct store *store;
};

void flat_file_place_make(struct flat_file_place *place);
void flat_file_place_remove(struct flat_file_place *place);

/* Fails the test if it cannot. */
struct store *flat_file_place_open(
	struct flat_file_place *place, uv_loop_t *loop, uint64_t max_users);

#endif
