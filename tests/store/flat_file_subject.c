/* The flat file, on the real disk. */
#include "support/test.h"

#include <stdlib.h>

#include "base/memory.h"
#include "store/flat_file_place.h"
#include "store/subject.h"

static void *make_place(void)
{
	struct flat_file_place *place = memory_zeroed(sizeof(*place));

	flat_file_place_make(place);
	return place;
}

static void remove_place(void *argument)
{
	flat_file_place_remove(argument);
	free(argument);
}

static struct store *open_flat_file(void *place, uv_loop_t *loop, uint64_t max_users, uint64_t seed)
{
	(void)seed;
	return flat_file_place_open(place, loop, max_users);
}

static void stop_flat_file(void *argument)
{
	struct flat_file_place *place = argument;

	store_stop(place->store);
}

static void close_flat_file(void *argument)
{
	struct flat_file_place *place = argument;

	store_close(place->store);
}

const struct subject subject = {
	.make_place = make_place,
	.remove_place = remove_place,
	.open = open_flat_file,
	.stop = stop_flat_file,
	.close = close_flat_file,
};
