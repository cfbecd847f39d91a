/* The store in a database: a place is a database of the server that tests/support/with-postgres has
 * started, copied from its template. */
#include <stdlib.h>

#include "base/memory.h"
#include "store/subject.h"
#include "support/unit/database_place.h"

static void *make_place(void)
{
	struct database_place *place = memory_zeroed(sizeof(*place));

	database_place_make(place);
	return place;
}

static void remove_place(void *place)
{
	database_place_remove(place);
	free(place);
}

static struct store *open_place(void *place, uv_loop_t *loop, uint64_t max_users, uint64_t seed)
{
	(void)seed;
	return database_place_open(place, loop, &(struct store_limits){.max_users = max_users});
}

static void stop_store(void *argument)
{
	struct database_place *place = argument;

	store_stop(place->store);
}

static void close_store(void *argument)
{
	struct database_place *place = argument;

	store_close(place->store);
}

const struct subject subject = {
	.make_place = make_place,
	.remove_place = remove_place,
	.open = open_place,
	.stop = stop_store,
	.close = close_store,
};
