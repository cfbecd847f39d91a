#ifndef ROLLCALL_STORE_NAMES_CODE_POINT_MAP_H
#define ROLLCALL_STORE_NAMES_CODE_POINT_MAP_H

#include <stddef.h>
#include <utf8proc.h>

#include "base/memory.h"

#define CODE_POINT_BLOCK 256

/* What is known of each code point; NULL at first. Names use few scripts, so that the blocks of the
 * others are never made: an array over all of Unicode would take 9 MB of address space. A zeroed
 * struct is empty. Blocks are never freed. */
struct code_point_map {
	const void **blocks[0x110000 / CODE_POINT_BLOCK];
};

/* The place of a code point, to be read and set. */
static inline const void **code_point_map_at(struct code_point_map *map, utf8proc_int32_t point)
{
	const void ***block = &map->blocks[point / CODE_POINT_BLOCK];

	if (*block == NULL)
		*block = memory_zeroed(CODE_POINT_BLOCK * sizeof(**block));
	return &(*block)[point % CODE_POINT_BLOCK];
}

#endif
