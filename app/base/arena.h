#ifndef ROLLCALL_BASE_ARENA_H
#define ROLLCALL_BASE_ARENA_H

#include <stddef.h>

/*
 * Memory that is taken piece by piece and given back as one, with the request it is for. It begins
 * with a room that the caller has, mostly in a block of its own, and goes on with the heap. A
 * zeroed struct is an arena without a room.
 */
struct arena {
	char *next; /* in the room */
	size_t left;
	struct arena_block *blocks; /* beside the room */
};

/* The room is aligned for anything, and stays the caller's. */
void arena_begin(struct arena *arena, void *room, size_t size);

/* Zeroed, and aligned for anything. The size is one that the program chose (memory.h), not 0. */
void *arena_zeroed(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* The same, of any size; NULL if memory is short. */
void *arena_try(struct arena *arena, size_t size);

/* The same, from the room alone; NULL if that has too little left. */
void *arena_room(struct arena *arena, size_t size);

void arena_end(struct arena *arena);

#endif
