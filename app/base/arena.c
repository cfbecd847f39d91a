/*
 * Memory for one request: taken piece by piece, given back as one. Most requests fit the room that
 * the caller brings, so they cost no allocation at all; what does not fit goes to the heap in
 * blocks of its own, and arena_end() frees those.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct arena_block {
	struct arena_block *next;
	alignas(max_align_t) char bytes[];
};

void arena_begin(struct arena *arena, void *room, size_t size)
{
	*arena = (struct arena){.next = room, .left = size};
}

void *arena_room(struct arena *arena, size_t size)
{
	size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	char *taken = arena->next;

	if (size > arena->left || aligned > arena->left)
		return NULL;
	arena->next += aligned;
	arena->left -= aligned;
	return memset(taken, 0, size);
}

static void *add_block(struct arena *arena, struct arena_block *block)
{
	block->next = arena->blocks;
	arena->blocks = block;
	return block->bytes;
}

void *arena_zeroed(struct arena *arena, size_t size)
{
	void *taken = arena_room(arena, size);

	return taken != NULL ? taken
			     : add_block(arena, memory_zeroed(sizeof(struct arena_block) + size));
}

void *arena_try(struct arena *arena, size_t size)
{
	void *taken = arena_room(arena, size);

	if (taken != NULL)
		return taken;
	struct arena_block *block =
		size <= SIZE_MAX - sizeof(*block) ? calloc(1, sizeof(*block) + size) : NULL;
	return block != NULL ? add_block(arena, block) : NULL;
}

void arena_end(struct arena *arena)
{
	while (arena->blocks != NULL) {
		struct arena_block *next = arena->blocks->next;
		free(arena->blocks);
		arena->blocks = next;
	}
}
