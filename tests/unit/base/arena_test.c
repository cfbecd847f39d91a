#include "base/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "support/test.h"

/* Taken memory is zeroed, aligned for anything, and can be written to without touching others. */
static char *take(struct arena *arena, size_t size)
{
	char *taken = arena_zeroed(arena, size);

	assert_int_equal((uintptr_t)taken % alignof(max_align_t), 0);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(taken[i], 0);
	memset(taken, 0xff, size);
	return taken;
}

static bool is_within(const char *taken, const char *room, size_t size)
{
	return (uintptr_t)taken >= (uintptr_t)room && (uintptr_t)taken < (uintptr_t)room + size;
}

TEST(in_the_room)
{
	alignas(max_align_t) char room[64];
	struct arena arena;

	memset(room, 0x55, sizeof(room));
	arena_begin(&arena, room, sizeof(room));
	assert_ptr_equal(take(&arena, 1), room);
	assert_ptr_equal(take(&arena, 16), room + 16);
	assert_ptr_equal(take(&arena, 17), room + 32);
	arena_end(&arena);
}

TEST(beside_the_room)
{
	alignas(max_align_t) char room[64];
	struct arena arena;

	memset(room, 0x55, sizeof(room));
	arena_begin(&arena, room, sizeof(room));
	take(&arena, 40);
	assert_false(is_within(take(&arena, 17), room, sizeof(room)));
	assert_false(is_within(take(&arena, 5000), room, sizeof(room)));
	/* What is left of the room is still there for those that fit. */
	assert_true(is_within(take(&arena, 16), room, sizeof(room)));
	assert_false(is_within(take(&arena, 1), room, sizeof(room)));
	arena_end(&arena);
}

TEST(without_a_room)
{
	struct arena arena = {0};

	assert_null(arena_room(&arena, 1));
	for (size_t size = 1; size < 200; size += 33)
		take(&arena, size);
	arena_end(&arena);
}

TEST(from_the_room_alone)
{
	alignas(max_align_t) char room[48];
	struct arena arena;

	arena_begin(&arena, room, sizeof(room));
	assert_null(arena_room(&arena, sizeof(room) + 1));
	assert_null(arena_room(&arena, SIZE_MAX));
	assert_ptr_equal(arena_room(&arena, 33), room);
	assert_null(arena_room(&arena, 1));
	arena_end(&arena);
}

TEST(a_size_that_a_peer_chose)
{
	alignas(max_align_t) char room[32];
	struct arena arena;

	arena_begin(&arena, room, sizeof(room));
	assert_ptr_equal(arena_try(&arena, 20), room);
	char *beside = arena_try(&arena, 100000);
	assert_non_null(beside);
	assert_false(is_within(beside, room, sizeof(room)));
	assert_int_equal((uintptr_t)beside % alignof(max_align_t), 0);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(beside[i], 0);
	assert_null(arena_try(&arena, SIZE_MAX));
	arena_end(&arena);
}

/* The room can be used again. */
TEST(begun_anew)
{
	alignas(max_align_t) char room[32];
	struct arena arena;

	for (int i = 0; i < 3; i++) {
		arena_begin(&arena, room, sizeof(room));
		assert_ptr_equal(take(&arena, 32), room);
		take(&arena, 32);
		arena_end(&arena);
	}
}
