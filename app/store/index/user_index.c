/*
 * All users, found by number, by name, and in the order of the words of their names. The users are
 * in a user_table, these orders in two name_index; what is here finds a name: hash tables of 8
 * bytes a slot, a part of the hash and a position. The name itself is compared in the user_table.
 *
 * There are 1024 tables in place of one, so that no create has to wait while a large one is
 * enlarged: with two tables and 12.5 million users that took 240 ms, with these under 4 ms.
 *
 * When a file is read, users only go into the user_table. user_index_settle() then makes the
 * tables and the order of all of them at once.
 */
#include "store/index/user_index.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/random.h"
#include "store/index/first_letters.h"
#include "store/index/user_table.h"
#include "store/names/name_key.h"

#define SHARD_BITS 10
#define SHARDS     (1 << SHARD_BITS)

#define FORMS 2 /* NAME_BASE, NAME_KEY */

struct slot {
	uint32_t tag;      /* part of the hash of the key */
	uint32_t position; /* of the user, plus one; 0: empty */
};

/* A hash table with linear probing, one of SHARDS, chosen by the hash. */
struct shard {
	struct slot *slots;
	uint32_t capacity; /* a power of two, or 0 */
	uint32_t used;
};

struct user_index {
	struct user_table *table;
	struct name_index *orders[FORMS]; /* by enum name_form */
	size_t order_count;               /* FORMS; 0: they are not kept, and NULL */
	size_t indexed;                   /* positions whose users shards and orders have */
	struct first_letters letters;     /* if the orders are not kept */
	size_t lettered;                  /* users whose words these letters are of */
	uint64_t seed;
	struct shard shards[SHARDS];
};

struct user_index *user_index_open(void)
{
	struct user_index *users = memory_zeroed(sizeof(*users));

	users->table = user_table_open();
	/* Names come from strangers: with a seed that they do not know they cannot choose names
	 * that collide. */
	users->seed = random_number();
	return users;
}

static void free_shards(struct user_index *users)
{
	for (size_t i = 0; i < SHARDS; i++)
		free(users->shards[i].slots);
	memset(users->shards, 0, sizeof(users->shards));
}

void user_index_close(struct user_index *users)
{
	if (users == NULL)
		return;
	free_shards(users);
	for (size_t i = 0; i < users->order_count; i++)
		name_index_close(users->orders[i]);
	user_table_close(users->table);
	free(users);
}

void user_index_keep_order(struct user_index *users)
{
	for (; users->order_count < FORMS; users->order_count++) {
		enum name_form form = (enum name_form)users->order_count;
		users->orders[form] = name_index_open(users->table, form);
		if (users->indexed > 0)
			name_index_load(users->orders[form]);
	}
}

size_t user_index_count(const struct user_index *users)
{
	return user_table_count(users->table) - user_table_removed(users->table);
}

uint64_t user_index_newest(const struct user_index *users)
{
	size_t end = user_table_behind_previous(users->table, user_table_count(users->table));

	return end > 0 ? user_table_at(users->table, end - 1).number : 0;
}

static uint64_t hash_of(const struct user_index *users, const char *key, size_t length)
{
	return XXH3_64bits_withSeed(key, length, users->seed);
}

static size_t shard_of(uint64_t hash)
{
	return hash >> (64 - SHARD_BITS);
}

/* Returns whether a slot with the same tag stands before it: perhaps that of a user with the same
 * key. */
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

static bool shard_is_full(const struct shard *shard)
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
 * starts at a gap. */
static void enlarge_shard(struct shard *shard)
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

static void index_user(struct user_index *users, size_t position, uint64_t hash)
{
	struct shard *shard = &users->shards[shard_of(hash)];

	if (shard_is_full(shard))
		enlarge_shard(shard);
	put_slot(shard, slot_of(hash, position));
	shard->used++;
}

void user_index_load(
	struct user_index *users, const struct user *user, const char *key, size_t key_length)
{
	user_table_add(users->table, user, key, key_length);
}

void user_index_add(
	struct user_index *users, const struct user *user, const char *key, size_t key_length)
{
	size_t position = user_table_count(users->table);

	user_table_add(users->table, user, key, key_length);
	index_user(users, position, hash_of(users, key, key_length));
	users->indexed++;
	for (size_t i = 0; i < users->order_count; i++)
		name_index_add(users->orders[i], position);
}

/* The slots behind one that is emptied move up, so that a search for each of them still meets no
 * gap before it. Those with the same tag stay in their order. */
static void empty_slot(struct shard *shard, uint32_t gap)
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

/* Takes the slot of a user out of its shard. */
static void unindex_user(
	struct user_index *users, size_t position, const char *key, size_t key_length)
{
	uint64_t hash = hash_of(users, key, key_length);
	struct shard *shard = &users->shards[shard_of(hash)];
	uint32_t at = (uint32_t)hash & (shard->capacity - 1);

	while (shard->slots[at].position != position + 1)
		at = (at + 1) & (shard->capacity - 1);
	empty_slot(shard, at);
}

static bool has_key(
	const struct user_index *users, size_t position, const char *key, size_t key_length)
{
	size_t length;
	const char *kept = user_table_kept_key(users->table, position, &length);

	/* A user without a key was removed. */
	return length > 0 && name_key_is_lowered(key, key_length, kept, length);
}

bool user_index_find(
	const struct user_index *users, const char *key, size_t key_length, struct user *user)
{
	uint64_t hash = hash_of(users, key, key_length);
	const struct shard *shard = &users->shards[shard_of(hash)];

	if (shard->capacity == 0)
		return false;
	uint32_t tag = (uint32_t)hash;
	for (uint32_t at = tag & (shard->capacity - 1); shard->slots[at].position != 0;
		at = (at + 1) & (shard->capacity - 1)) {
		const struct slot *slot = &shard->slots[at];
		size_t position = slot->position - 1;
		if (slot->tag == tag && has_key(users, position, key, key_length)) {
			*user = user_table_at(users->table, position);
			return true;
		}
	}
	return false;
}

size_t user_index_find_all(const struct user_index *users, const char *key, size_t key_length,
	struct user *found, size_t most)
{
	uint64_t hash = hash_of(users, key, key_length);
	const struct shard *shard = &users->shards[shard_of(hash)];
	uint32_t tag = (uint32_t)hash;
	size_t count = 0;

	if (shard->capacity == 0)
		return 0;
	for (uint32_t at = tag & (shard->capacity - 1); shard->slots[at].position != 0;
		at = (at + 1) & (shard->capacity - 1)) {
		const struct slot *slot = &shard->slots[at];
		size_t position = slot->position - 1;
		if (slot->tag != tag || !has_key(users, position, key, key_length))
			continue;
		if (count < most)
			found[count] = user_table_at(users->table, position);
		count++;
	}
	return count;
}

const struct name_index *user_index_order(const struct user_index *users, enum name_form form)
{
	return users->orders[form];
}

static void add_letters(struct user_index *users, size_t position)
{
	struct name_entry entries[NAME_WORDS_MOST];
	char text[LIMIT_NAME_BASE];
	size_t length;
	size_t count = name_entries(users->table, position, NAME_BASE, text, &length, entries);

	for (size_t i = 0; i < count; i++) {
		size_t offset = name_entry_offset(&entries[i]);
		first_letters_add(&users->letters, text + offset, length - offset);
	}
}

const char *user_index_letters(struct user_index *users)
{
	if (users->order_count > 0)
		return name_index_letters(users->orders[NAME_BASE]);
	for (; users->lettered < user_table_count(users->table); users->lettered++) {
		if (user_table_at(users->table, users->lettered).name_length > 0)
			add_letters(users, users->lettered);
	}
	return users->letters.text;
}

const struct user_table *user_index_table(const struct user_index *users)
{
	return users->table;
}

size_t user_index_position(const struct user_index *users, uint64_t number)
{
	return user_table_seek(users->table, number);
}

struct user user_index_at(const struct user_index *users, size_t position)
{
	return user_table_at(users->table, position);
}

bool user_index_user(const struct user_index *users, uint64_t number, struct user *user)
{
	size_t position;

	if (!user_table_find(users->table, number, &position))
		return false;
	*user = user_table_at(users->table, position);
	return true;
}

/* The user is not found any more, but by its number. Without the order, letters may have to go. */
static void withdraw_user(struct user_index *users, size_t position)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length = user_table_key(users->table, position, key);

	if (position < users->lettered) {
		users->lettered = 0;
		users->letters = (struct first_letters){0};
	}
	if (position >= users->indexed)
		return;
	unindex_user(users, position, key, key_length);
	for (size_t i = 0; i < users->order_count; i++)
		name_index_remove(users->orders[i], position);
}

bool user_index_remove(struct user_index *users, uint64_t number)
{
	size_t position;

	if (!user_table_find(users->table, number, &position))
		return false;
	withdraw_user(users, position);
	user_table_remove(users->table, position);
	return true;
}

bool user_index_rename(
	struct user_index *users, const struct user *user, const char *key, size_t key_length)
{
	size_t position;

	if (!user_table_find(users->table, user->number, &position))
		return false;
	struct user renamed = user_table_at(users->table, position);
	renamed.name = user->name;
	renamed.name_length = user->name_length;
	withdraw_user(users, position);
	user_table_replace(users->table, position, &renamed, key, key_length);
	if (position >= users->indexed)
		return true;
	index_user(users, position, hash_of(users, key, key_length));
	for (size_t i = 0; i < users->order_count; i++)
		name_index_add(users->orders[i], position);
	return true;
}

/* Puts the slots of all users into their shards, one behind the other. */
static void deal_out(struct user_index *users)
{
	size_t count = user_table_count(users->table);

	for (; users->indexed < count; users->indexed++) {
		char key[LIMIT_NAME_KEY];
		size_t key_length = user_table_key(users->table, users->indexed, key);
		uint64_t hash = hash_of(users, key, key_length);
		struct shard *shard = &users->shards[shard_of(hash)];
		if (shard_is_full(shard)) {
			shard->capacity = larger_capacity(shard);
			shard->slots = memory_resized(
				shard->slots, shard->capacity, sizeof(*shard->slots));
		}
		shard->slots[shard->used++] = slot_of(hash, users->indexed);
	}
}

/* Makes a hash table of what was dealt to a shard. Marks users that may have the same key as an
 * older one. */
static void arrange_shard(struct user_index *users, struct shard *shard)
{
	if (shard->used == 0)
		return;
	struct slot *dealt = memory_resized(NULL, shard->used, sizeof(*dealt));
	memcpy(dealt, shard->slots, shard->used * sizeof(*dealt));
	memset(shard->slots, 0, shard->capacity * sizeof(*shard->slots));
	for (uint32_t i = 0; i < shard->used; i++) {
		if (put_slot(shard, dealt[i]))
			user_table_mark(users->table, dealt[i].position - 1);
	}
	free(dealt);
}

/* Slots of users that follow each other lie all over memory. So they are dealt out to their shards
 * first, and then each shard, which fits into the processor's cache, is arranged at once. Putting
 * one user after the other where it belongs takes 33 % more processor time to open 10 million
 * users. Sorting takes as much memory as the shards, and gives it back before there are any. */
static void index_all(struct user_index *users)
{
	free_shards(users);
	users->indexed = 0;
	users->lettered = 0;
	users->letters = (struct first_letters){0};
	for (size_t i = 0; i < users->order_count; i++)
		name_index_load(users->orders[i]);
	deal_out(users);
	for (size_t i = 0; i < SHARDS; i++)
		arrange_shard(users, &users->shards[i]);
}

static void report_clashes(
	const struct user_index *users, user_index_clash_cb *clash, void *argument)
{
	for (size_t i = 0; i < user_table_count(users->table); i++) {
		char key[LIMIT_NAME_KEY];
		struct user holder;
		if (!user_table_is_marked(users->table, i))
			continue;
		const struct user user = user_table_at(users->table, i);
		size_t key_length = user_table_key(users->table, i, key);
		if (user_index_find(users, key, key_length, &holder) &&
			holder.number != user.number)
			clash(argument, &user, &holder);
	}
}

void user_index_settle(struct user_index *users, user_index_clash_cb *clash, void *argument)
{
	if (user_table_removed(users->table) == 0 &&
		users->indexed == user_table_count(users->table))
		return;
	user_table_close_gaps(users->table);
	index_all(users);
	if (clash != NULL)
		report_clashes(users, clash, argument);
}
