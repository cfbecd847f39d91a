/*
 * Walking along the leaves of a name_index. None of them is empty, unless it is the only one.
 */
#include "store/index/name_place.h"

#include "store/index/name_node.h"

bool name_place_is(const struct name_place *place, const struct name_place *other)
{
	return place->leaf == other->leaf && place->index == other->index;
}

bool name_place_next(struct name_place *place, struct name_entry *entry)
{
	if (place->index == place->leaf->count) {
		if (place->leaf->next == NULL)
			return false;
		*place = (struct name_place){.leaf = place->leaf->next};
	}
	*entry = name_leaf_entry(place->leaf, place->index++);
	return true;
}

/* Between two leaves the place is the end of the first of them, as for all others here. */
bool name_place_previous(struct name_place *place, struct name_entry *entry)
{
	if (place->index == 0)
		return false;
	*entry = name_leaf_entry(place->leaf, --place->index);
	if (place->index == 0 && place->leaf->previous != NULL)
		*place = (struct name_place){
			.leaf = place->leaf->previous, .index = place->leaf->previous->count};
	return true;
}
