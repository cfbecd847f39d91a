/*
 * Blocks of names. Where a name lies says which block it is in: they are few, one for about a
 * million names, so they are looked through.
 */
#include "store/index/name_blocks.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

#define BLOCK           ((size_t)16 << 20)
#define BYTES_PER_BLOCK (BLOCK - sizeof(struct name_block))

struct name_block {
	struct name_block *next;
	size_t names; /* that are not forgotten */
	char bytes[];
};

char *name_blocks_take(struct name_blocks *blocks, size_t length)
{
	if (length > blocks->left) {
		struct name_block *block = memory_resized(NULL, 1, BLOCK);
		block->next = blocks->first;
		block->names = 0;
		blocks->first = block;
		blocks->left = BYTES_PER_BLOCK;
	}
	char *room = blocks->first->bytes + BYTES_PER_BLOCK - blocks->left;
	blocks->left -= length;
	blocks->first->names++;
	return room;
}

static bool is_in_block(const struct name_block *block, const char *name)
{
	return (uintptr_t)name - (uintptr_t)block < BLOCK;
}

void name_blocks_forget(struct name_blocks *blocks, const char *name)
{
	struct name_block **link = &blocks->first;

	while (!is_in_block(*link, name))
		link = &(*link)->next;
	struct name_block *block = *link;
	if (--block->names > 0)
		return;
	if (block == blocks->first) {
		blocks->left = BYTES_PER_BLOCK;
		return;
	}
	*link = block->next;
	free(block);
}

void name_blocks_free(struct name_blocks *blocks)
{
	while (blocks->first != NULL) {
		struct name_block *next = blocks->first->next;
		free(blocks->first);
		blocks->first = next;
	}
}
