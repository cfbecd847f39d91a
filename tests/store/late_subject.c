/* The flat file behind a store that answers on a later turn of the loop (late_store.h): a kind that
 * uses all that store.h allows. */
#include "support/test.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/flat_file_place.h"
#include "store/subject.h"
#include "support/unit/late_store.h"

struct place {
	struct flat_file_place flat;
	struct store *late;
};

static void *make_place(void)
{
	struct place *place = memory_zeroed(sizeof(*place));

	flat_file_place_make(&place->flat);
	return place;
}

static void remove_place(void *argument)
{
	struct place *place = argument;

	flat_file_place_remove(&place->flat);
	free(place);
}

static struct store *open_late(void *argument, uv_loop_t *loop, uint64_t max_users, uint64_t seed)
{
	struct place *place = argument;

	place->late =
		late_store_open(flat_file_place_open(&place->flat, loop, max_users), loop, seed);
	return place->late;
}

static void stop_late(void *argument)
{
	struct place *place = argument;

	store_stop(place->late);
	store_stop(place->flat.store);
}

static void close_late(void *argument)
{
	struct place *place = argument;

	store_close(place->late);
	store_close(place->flat.store);
}

const struct subject subject = {
	.make_place = make_place,
	.remove_place = remove_place,
	.open = open_late,
	.stop = stop_late,
	.close = close_late,
};
