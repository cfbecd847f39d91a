#ifndef ROLLCALL_STORE_INDEX_NAME_PLACE_H
#define ROLLCALL_STORE_INDEX_NAME_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "store/index/name_entry.h"

/* Between two neighbours in the order, before the first, or behind the last. Valid until something
 * is added or removed. */
struct name_place {
	const struct name_leaf *leaf;
	size_t index;
};

bool name_place_is(const struct name_place *place, const struct name_place *other);

/* Moves over the next entry, or back over the previous one, and sets it; false if there is none. */
bool name_place_next(struct name_place *place, struct name_entry *entry);
bool name_place_previous(struct name_place *place, struct name_entry *entry);

#endif
