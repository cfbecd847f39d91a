#ifndef ROLLCALL_STORE_INDEX_NAME_BLOCKS_H
#define ROLLCALL_STORE_INDEX_NAME_BLOCKS_H

#include <stddef.h>

/*
 * Memory for names, which lie one behind the other in blocks of 16 MB, so that a name has no
 * malloc() header of its own. Names never move. A block is given back when the last of its names is
 * forgotten. A zeroed struct has none.
 */
struct name_blocks {
	struct name_block *first; /* the newest, which is filled */
	size_t left;              /* bytes of it */
};

/* Room for so many bytes of one name, fewer than a block. */
char *name_blocks_take(struct name_blocks *blocks, size_t length);

/* Takes the time of looking at every block. */
void name_blocks_forget(struct name_blocks *blocks, const char *name);

void name_blocks_free(struct name_blocks *blocks);

#endif
