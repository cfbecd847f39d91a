/*
 * There are 1024 tables in place of one, so that no create has to wait while a large one is
 * enlarged: with two tables and 12.5 million users that took 240 ms, with these under 4 ms.
 *
 * Slots of users that follow each other lie all over memory. So where all users are put in at once,
 * they are dealt out to their shards first, and then each shard, which fits into the processor's
 * cache, is arranged. Putting one user after the other where it belongs takes 33 % more processor
 * time to open 10 million users.
 */
#include "store/index/key_slots.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define SHARD_BITS 10
#define SHARDS     (1 << SHARD_BITS)

struct slot {
	uint32_t tag;      /* part of the hash of the key */
	uint32_t position; /* of the user, plus one; 0: empty */
};

/* A hash table with linear probing, one of SHARDS, chosen by the hash. */
struct key_shard {
	struct slot *slots;
	uint32_t capacity; /* a power of two, or 0 */
	uint32_t used;
};

struct key_slots {
	struct key_shard shards[SHARDS];
};

struct key_slots *key_slots_open(void)
{
	return memory_zeroed(sizeof(struct key_slots));
}

void key_slots_clear(struct key_slots *slots)
{
	for (size_t i = 0; i < SHARDS; i++)
		free(slots->shards[i].slots);
	memset(slots->shards, 0, sizeof(slots->shards));
}

void key_slots_close(struct key_slots *slots)
{
	if (slots == NULL)
		return;
	key_slots_clear(slots);
	free(slots);
}

static struct key_shard *shard_of(const struct key_slots *slots, uint64_t hash)
{
	return (struct key_shard *)&slots->shards[hash >> (64 - SHARD_BITS)];
}

/* Returns whether a slot with the same tag stands before it: perhaps that of a user with the same
 * key. */
static bool put_slot(struct key_shard *shard, struct slot slot)
{
	uint32_t at = slot.tag & (shard->capacity - 1);
	bool is_doubtful = false;

	while (shard->slots[at].position != 0) {
		is_doubtful |= shard->slots[at].tag == slot.tag;
		at = (at + 1) & (shard->capacity - 1);
	}
	shard->slots[at] = slot;
	return is_doubtful;
}

static bool shard_is_full(const struct key_shard *shard)
{
	return shard->used >= shard->capacity / 4 * 3;
}

static uint32_t larger_capacity(const struct key_shard *shard)
{
	return shard->capacity > 0 ? shard->capacity * 2 : 8;
}

static struct slot slot_of(uint64_t hash, size_t position)
{
	return (struct slot){.tag = (uint32_t)hash, .position = (uint32_t)(position + 1)};
}

/* Slots with the same tag stay in their order, so that the first of two users with the same key is
 * still the one that is found. A row of slots can go on at the beginning of the table: so this
 * starts at a gap. */
static void enlarge_shard(struct key_shard *shard)
{
	struct key_shard larger = {.capacity = larger_capacity(shard), .used = shard->used};
	uint32_t gap = 0;

	larger.slots = memory_zeroed(larger.capacity * sizeof(*larger.slots));
	while (gap < shard->capacity && shard->slots[gap].position != 0)
		gap++;
	for (uint32_t i = 0; i < shard->capacity; i++) {
		const struct slot *slot = &shard->slots[(gap + i) & (shard->capacity - 1)];
		if (slot->position != 0)
			put_slot(&larger, *slot);
	}
	free(shard->slots);
	*shard = larger;
}

void key_slots_add(struct key_slots *slots, uint64_t hash, size_t position)
{
	struct key_shard *shard = shard_of(slots, hash);

	if (shard_is_full(shard))
		enlarge_shard(shard);
	put_slot(shard, slot_of(hash, position));
	shard->used++;
}

/* The slots behind one that is emptied move up, so that a search for each of them still meets no
 * gap before it. Those with the same tag stay in their order. */
static void empty_slot(struct key_shard *shard, uint32_t gap)
{
	uint32_t mask = shard->capacity - 1;

	for (uint32_t at = (gap + 1) & mask; shard->slots[at].position != 0; at = (at + 1) & mask) {
		uint32_t home = shard->slots[at].tag & mask;
		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		shard->slots[gap] = shard->slots[at];
		gap = at;
	}
	shard->slots[gap] = (struct slot){0};
	shard->used--;
}

static uint32_t find_slot(const struct key_shard *shard, uint64_t hash, size_t position)
{
	uint32_t at = (uint32_t)hash & (shard->capacity - 1);

	while (shard->slots[at].position != position + 1)
		at = (at + 1) & (shard->capacity - 1);
	return at;
}

void key_slots_remove(struct key_slots *slots, uint64_t hash, size_t position)
{
	struct key_shard *shard = shard_of(slots, hash);

	empty_slot(shard, find_slot(shard, hash, position));
}

void key_slots_move(struct key_slots *slots, uint64_t hash, size_t from, size_t to)
{
	struct key_shard *shard = shard_of(slots, hash);

	shard->slots[find_slot(shard, hash, from)] = slot_of(hash, to);
}

struct key_walk key_slots_walk(const struct key_slots *slots, uint64_t hash)
{
	return (struct key_walk){
		.shard = shard_of(slots, hash), .tag = (uint32_t)hash, .at = (uint32_t)hash};
}

bool key_walk_next(struct key_walk *walk, size_t *position)
{
	const struct key_shard *shard = walk->shard;

	while (shard->capacity > 0) {
		const struct slot *slot = &shard->slots[walk->at++ & (shard->capacity - 1)];
		if (slot->position == 0)
			break;
		if (slot->tag == walk->tag) {
			*position = slot->position - 1;
			return true;
		}
	}
	return false;
}

void key_slots_deal(struct key_slots *slots, uint64_t hash, size_t position)
{
	struct key_shard *shard = shard_of(slots, hash);

	if (shard_is_full(shard)) {
		shard->capacity = larger_capacity(shard);
		shard->slots = memory_resized(shard->slots, shard->capacity, sizeof(*shard->slots));
	}
	shard->slots[shard->used++] = slot_of(hash, position);
}

static void arrange_shard(struct key_shard *shard, key_slots_doubt_cb *doubt, void *argument)
{
	if (shard->used == 0)
		return;
	struct slot *dealt = memory_resized(NULL, shard->used, sizeof(*dealt));
	memcpy(dealt, shard->slots, shard->used * sizeof(*dealt));
	memset(shard->slots, 0, shard->capacity * sizeof(*shard->slots));
	for (uint32_t i = 0; i < shard->used; i++) {
		if (put_slot(shard, dealt[i]))
			doubt(argument, dealt[i].position - 1);
	}
	free(dealt);
}

void key_slots_arrange(struct key_slots *slots, key_slots_doubt_cb *doubt, void *argument)
{
	for (size_t i = 0; i < SHARDS; i++)
		arrange_shard(&slots->shards[i], doubt, argument);
}
