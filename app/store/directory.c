#include "store/directory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

#include "base/memory.h"
#include "store/entries.h"
#include "store/name_key.h"

#define SHARD_BITS 10
#define SHARDS     (1 << SHARD_BITS)

struct slot {
	uint32_t tag;      /* part of the hash of the key */
	uint32_t position; /* of the entry, plus one; 0: empty */
};

/* A hash table with linear probing. One of many, chosen by the hash, so that enlarging one takes
 * microseconds however many users there are. */
struct shard {
	struct slot *slots;
	uint32_t capacity; /* a power of two, or 0 */
	uint32_t used;
};

struct directory {
	struct entries *entries;
	struct name_order *order; /* NULL: not kept */
	size_t indexed;           /* entries that the shards and the order know of */
	uint64_t seed;
	struct shard shards[SHARDS];
};

struct directory *directory_open(void)
{
	struct directory *directory = memory_zeroed(sizeof(*directory));

	directory->entries = entries_open();
	/* Names come from strangers: with a seed that they do not know they cannot choose names
	 * that collide. Early in the boot of a machine there may be no random bytes yet; the clock
	 * is better than waiting. */
	if (getrandom(&directory->seed, sizeof(directory->seed), GRND_NONBLOCK) !=
		(ssize_t)sizeof(directory->seed))
		directory->seed = (uint64_t)time(NULL);
	return directory;
}

static void free_shards(struct directory *directory)
{
	for (size_t i = 0; i < SHARDS; i++)
		free(directory->shards[i].slots);
	memset(directory->shards, 0, sizeof(directory->shards));
}

void directory_close(struct directory *directory)
{
	if (directory == NULL)
		return;
	free_shards(directory);
	name_order_close(directory->order);
	entries_close(directory->entries);
	free(directory);
}

void directory_keep_order(struct directory *directory)
{
	directory->order = name_order_open(directory->entries);
}

size_t directory_count(const struct directory *directory)
{
	return entries_count(directory->entries) - entries_removed(directory->entries);
}

static uint64_t hash_of(const struct directory *directory, const char *key, size_t length)
{
	return XXH3_64bits_withSeed(key, length, directory->seed);
}

static size_t shard_of(uint64_t hash)
{
	return hash >> (64 - SHARD_BITS);
}

/* Whether one with the same tag stands before it: perhaps that of a user with the same name. */
static bool put_slot(struct shard *shard, struct slot slot)
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

static bool is_full(const struct shard *shard)
{
	return shard->used >= shard->capacity / 4 * 3;
}

static uint32_t larger_capacity(const struct shard *shard)
{
	return shard->capacity > 0 ? shard->capacity * 2 : 8;
}

static struct slot slot_of(uint64_t hash, size_t position)
{
	return (struct slot){.tag = (uint32_t)hash, .position = (uint32_t)(position + 1)};
}

/* Slots with the same tag stay in their order, so that the first of two users with the same key is
 * still the one that is found. A row of slots can go on at the beginning of the table: so this
 * starts behind a gap. */
static void enlarge(struct shard *shard)
{
	struct shard larger = {.capacity = larger_capacity(shard), .used = shard->used};
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

static void index_entry(struct directory *directory, size_t position, uint64_t hash)
{
	struct shard *shard = &directory->shards[shard_of(hash)];

	if (is_full(shard))
		enlarge(shard);
	put_slot(shard, slot_of(hash, position));
	shard->used++;
	directory->indexed++;
}

void directory_load(
	struct directory *directory, const struct user *user, const char *key, size_t key_length)
{
	entries_add(directory->entries, user, key, key_length);
}

void directory_add(
	struct directory *directory, const struct user *user, const char *key, size_t key_length)
{
	size_t position = entries_count(directory->entries);

	entries_add(directory->entries, user, key, key_length);
	index_entry(directory, position, hash_of(directory, key, key_length));
	if (directory->order != NULL)
		name_order_add(directory->order, position, key, key_length);
}

static bool has_key(
	const struct directory *directory, size_t position, const char *key, size_t key_length)
{
	size_t length;
	const char *kept = entries_kept_key(directory->entries, position, &length);

	/* Without a key it was removed. */
	return length > 0 && name_key_is_lowered(key, key_length, kept, length);
}

bool directory_find(
	const struct directory *directory, const char *key, size_t key_length, struct user *user)
{
	uint64_t hash = hash_of(directory, key, key_length);
	const struct shard *shard = &directory->shards[shard_of(hash)];

	if (shard->capacity == 0)
		return false;
	uint32_t tag = (uint32_t)hash;
	for (uint32_t at = tag & (shard->capacity - 1); shard->slots[at].position != 0;
		at = (at + 1) & (shard->capacity - 1)) {
		const struct slot *slot = &shard->slots[at];
		size_t position = slot->position - 1;
		if (slot->tag == tag && has_key(directory, position, key, key_length)) {
			*user = entries_at(directory->entries, position);
			return true;
		}
	}
	return false;
}

const struct name_order *directory_order(const struct directory *directory)
{
	return directory->order;
}

size_t directory_position(const struct directory *directory, uint64_t number)
{
	return entries_seek(directory->entries, number);
}

struct user directory_at(const struct directory *directory, size_t position)
{
	return entries_at(directory->entries, position);
}

bool directory_user(const struct directory *directory, uint64_t number, struct user *user)
{
	size_t position;

	if (!entries_find(directory->entries, number, &position))
		return false;
	*user = entries_at(directory->entries, position);
	return true;
}

bool directory_remove(struct directory *directory, uint64_t number)
{
	size_t position;

	if (!entries_find(directory->entries, number, &position))
		return false;
	entries_remove(directory->entries, position);
	return true;
}

/* Puts the slots of all users into their shards, one behind the other. */
static void deal_out(struct directory *directory)
{
	size_t count = entries_count(directory->entries);

	for (; directory->indexed < count; directory->indexed++) {
		char key[LIMIT_NAME_KEY];
		size_t key_length = entries_key(directory->entries, directory->indexed, key);
		uint64_t hash = hash_of(directory, key, key_length);
		struct shard *shard = &directory->shards[shard_of(hash)];
		if (is_full(shard)) {
			shard->capacity = larger_capacity(shard);
			shard->slots = memory_resized(
				shard->slots, shard->capacity, sizeof(*shard->slots));
		}
		shard->slots[shard->used++] = slot_of(hash, directory->indexed);
	}
}

/* Makes a hash table of what was dealt to a shard. Marks whoever perhaps has the same key as
 * somebody before. */
static void arrange(struct directory *directory, struct shard *shard)
{
	if (shard->used == 0)
		return;
	struct slot *dealt = memory_resized(NULL, shard->used, sizeof(*dealt));
	memcpy(dealt, shard->slots, shard->used * sizeof(*dealt));
	memset(shard->slots, 0, shard->capacity * sizeof(*shard->slots));
	for (uint32_t i = 0; i < shard->used; i++) {
		if (put_slot(shard, dealt[i]))
			entries_mark(directory->entries, dealt[i].position - 1);
	}
	free(dealt);
}

/* Users one after the other have their slots all over the memory, and waiting for it would take
 * longer than all the rest. So slots are dealt out first, then arranged a shard at a time, which
 * fits into the processor's cache. Sorting takes as much memory as the shards, and has given it
 * back before there are any. */
static void index_all(struct directory *directory)
{
	free_shards(directory);
	directory->indexed = 0;
	if (directory->order != NULL)
		name_order_load(directory->order);
	deal_out(directory);
	for (size_t i = 0; i < SHARDS; i++)
		arrange(directory, &directory->shards[i]);
}

static void report_clashes(
	const struct directory *directory, directory_clash *clash, void *argument)
{
	for (size_t i = 0; i < entries_count(directory->entries); i++) {
		char key[LIMIT_NAME_KEY];
		struct user holder;
		if (!entries_is_marked(directory->entries, i))
			continue;
		const struct user user = entries_at(directory->entries, i);
		size_t key_length = entries_key(directory->entries, i, key);
		if (directory_find(directory, key, key_length, &holder) &&
			holder.number != user.number)
			clash(argument, &user, &holder);
	}
}

void directory_settle(struct directory *directory, directory_clash *clash, void *argument)
{
	if (entries_removed(directory->entries) == 0 &&
		directory->indexed == entries_count(directory->entries))
		return;
	entries_close_gaps(directory->entries);
	index_all(directory);
	if (clash != NULL)
		report_clashes(directory, clash, argument);
}
