#ifndef ROLLCALL_STORE_INDEX_KEY_SLOTS_H
#define ROLLCALL_STORE_INDEX_KEY_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From the hash of a key to the positions of users who may have it: hash tables of 8 bytes a slot,
 * a part of the hash and a position. Which of these users has the key is for the caller to find
 * out. Users with the same key are met in the order in which they were added.
 */
struct key_slots;

struct key_slots *key_slots_open(void);
void key_slots_close(struct key_slots *slots);

void key_slots_add(struct key_slots *slots, uint64_t hash, size_t position);

/* The position has to be there, with that hash. */
void key_slots_remove(struct key_slots *slots, uint64_t hash, size_t position);

/* The same: its user is at another position from now on. */
void key_slots_move(struct key_slots *slots, uint64_t hash, size_t from, size_t to);

/* A way along the positions of a hash. Valid until something is added or removed. */
struct key_walk {
	const struct key_shard *shard;
	uint32_t tag;
	uint32_t at;
};

struct key_walk key_slots_walk(const struct key_slots *slots, uint64_t hash);

/* The next of them; false: there is none. */
bool key_walk_next(struct key_walk *walk, size_t *position);

/* For all users at once: empties the tables; takes every position, in order; and makes tables of
 * what they were given, telling of each position whose user may have the key of an older one. */
typedef void key_slots_doubt_cb(void *argument, size_t position);

void key_slots_clear(struct key_slots *slots);
void key_slots_deal(struct key_slots *slots, uint64_t hash, size_t position);
void key_slots_arrange(struct key_slots *slots, key_slots_doubt_cb *doubt, void *argument);

#endif
