/*
 * Hash tables from skeletons to numbers of users, for names that are LOOKALIKE_OTHER. An index of
 * the skeletons of all users would find every lookalike at once, and would take a third more
 * memory; so a user with a Latin name is found the other way round, by the keys of the names that
 * could be meant (skeleton_latin_keys()).
 *
 * The tables have numbers in place of positions, because those never change. There are many, as in
 * user_index.c: one alone takes 47 ms to enlarge at 786,000 entries.
 */
#include "store/index/lookalikes.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "store/names/lookalike.h"
#include "store/names/skeleton.h"

#define TABLE_BITS     10
#define TABLES         (1 << TABLE_BITS)
#define FIRST_CAPACITY 4

/* Of users whose skeletons are the same, so many are enough to find one: more would be there only
 * to make the table slow. */
#define MOST_SAME 8

struct look_slot {
	uint64_t hash;   /* of a skeleton */
	uint64_t number; /* 0: empty */
};

/* With linear probing; one of TABLES, chosen by the hash. */
struct look_table {
	struct look_slot *slots;
	uint32_t capacity; /* a power of two, or 0 */
	uint32_t used;
};

struct lookalikes {
	const struct user_index *users;
	size_t used;   /* slots of all tables */
	uint64_t seed; /* unknown to clients, so that they cannot choose names that collide */
	struct look_table tables[TABLES];
};

struct lookalikes *lookalikes_open(const struct user_index *users)
{
	struct lookalikes *lookalikes = memory_zeroed(sizeof(*lookalikes));

	lookalikes->users = users;
	lookalikes->seed = random_number();
	return lookalikes;
}

void lookalikes_close(struct lookalikes *lookalikes)
{
	for (size_t i = 0; lookalikes != NULL && i < TABLES; i++)
		free(lookalikes->tables[i].slots);
	free(lookalikes);
}

static size_t table_of(uint64_t hash)
{
	return hash >> (64 - TABLE_BITS);
}

static struct look_slot *slot_at(const struct look_table *table, uint64_t at)
{
	return &table->slots[at & (table->capacity - 1)];
}

static void enlarge_table(struct look_table *table)
{
	struct look_table larger = {.used = table->used};

	larger.capacity = table->capacity > 0 ? table->capacity * 2 : FIRST_CAPACITY;
	larger.slots = memory_zeroed(larger.capacity * sizeof(*larger.slots));
	for (uint32_t i = 0; i < table->capacity; i++) {
		uint64_t at = table->slots[i].hash;
		if (table->slots[i].number == 0)
			continue;
		while (slot_at(&larger, at)->number != 0)
			at++;
		*slot_at(&larger, at) = table->slots[i];
	}
	free(table->slots);
	*table = larger;
}

/* Where a skeleton goes. NULL: there are enough users with the same. */
static struct look_slot *seek_slot(const struct look_table *table, uint64_t hash)
{
	size_t same = 0;

	for (uint64_t at = hash;; at++) {
		struct look_slot *slot = slot_at(table, at);
		if (slot->number == 0)
			return slot;
		if (slot->hash == hash && ++same == MOST_SAME)
			return NULL;
	}
}

static void add_look(struct lookalikes *lookalikes, uint64_t hash, uint64_t number)
{
	struct look_table *table = &lookalikes->tables[table_of(hash)];

	if (table->used >= table->capacity / 4 * 3)
		enlarge_table(table);
	struct look_slot *slot = seek_slot(table, hash);
	if (slot == NULL)
		return;
	table->used++;
	lookalikes->used++;
	*slot = (struct look_slot){.hash = hash, .number = number};
}

void lookalikes_add(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length)
{
	if (lookalike_of(user->name, user->name_length, key, key_length) != LOOKALIKE_OTHER)
		return;
	struct looks looks =
		lookalike_looks(user->name, user->name_length, key, key_length, lookalikes->seed);
	if (looks.shown != 0)
		add_look(lookalikes, looks.shown, user->number);
	if (looks.small != 0 && looks.small != looks.shown)
		add_look(lookalikes, looks.small, user->number);
}

/* The slots behind move up, so that a search for each of them still meets no gap before it. */
static void empty_look(struct look_table *table, uint64_t gap)
{
	uint64_t mask = table->capacity - 1;

	for (uint64_t at = gap + 1; slot_at(table, at)->number != 0; at++) {
		uint64_t home = slot_at(table, at)->hash;
		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		*slot_at(table, gap) = *slot_at(table, at);
		gap = at;
	}
	*slot_at(table, gap) = (struct look_slot){0};
	table->used--;
}

static void remove_look(struct lookalikes *lookalikes, uint64_t hash, uint64_t number)
{
	struct look_table *table = &lookalikes->tables[table_of(hash)];
	const struct look_slot *slot;

	if (table->capacity == 0)
		return;
	for (uint64_t at = hash; (slot = slot_at(table, at))->number != 0; at++) {
		if (slot->hash == hash && slot->number == number) {
			empty_look(table, at);
			lookalikes->used--;
			return;
		}
	}
}

void lookalikes_remove(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length)
{
	if (lookalike_of(user->name, user->name_length, key, key_length) != LOOKALIKE_OTHER)
		return;
	struct looks looks =
		lookalike_looks(user->name, user->name_length, key, key_length, lookalikes->seed);
	if (looks.shown != 0)
		remove_look(lookalikes, looks.shown, user->number);
	if (looks.small != 0 && looks.small != looks.shown)
		remove_look(lookalikes, looks.small, user->number);
}

/* A name, and where the user goes who has one that looks like it. */
struct look_query {
	const struct user_index *users;
	const struct username *username;
	uint64_t except;
	struct user *holder;
};

static bool is_holder(const struct look_query *query)
{
	return query->holder->number != query->except &&
	       lookalike_is_pair(query->username->text, query->username->length,
		       query->holder->name, query->holder->name_length);
}

static bool find_look(
	const struct lookalikes *lookalikes, const struct look_query *query, uint64_t hash)
{
	const struct look_table *table = &lookalikes->tables[table_of(hash)];
	const struct look_slot *slot;

	if (hash == 0 || table->capacity == 0)
		return false;
	for (uint64_t at = hash; (slot = slot_at(table, at))->number != 0; at++) {
		if (slot->hash == hash &&
			user_index_user(query->users, slot->number, query->holder) &&
			is_holder(query))
			return true;
	}
	return false;
}

static bool find_in_tables(const struct lookalikes *lookalikes, const struct look_query *query)
{
	const struct username *username = query->username;
	struct looks looks = lookalike_looks(username->text, username->length, username->key,
		username->key_length, lookalikes->seed);

	return find_look(lookalikes, query, looks.shown) ||
	       (looks.small != looks.shown && find_look(lookalikes, query, looks.small));
}

/* skeleton_key_cb */
static bool is_key_of_holder(void *argument, const char *key, size_t key_length)
{
	const struct look_query *query = argument;

	return user_index_find(query->users, key, key_length, query->holder) && is_holder(query);
}

static bool find_among_latin(struct look_query *query, const char *text, size_t length)
{
	struct skeleton skeleton;

	return skeleton_of(text, length, &skeleton) &&
	       skeleton_latin_keys(&skeleton, is_key_of_holder, query);
}

bool lookalikes_find(const struct lookalikes *lookalikes, const struct username *username,
	uint64_t except, struct user *holder)
{
	struct look_query query = {.users = lookalikes->users,
		.username = username,
		.except = except,
		.holder = holder};

	if (username->lookalike == LOOKALIKE_NONE)
		return false;
	if (lookalikes->used > 0 && find_in_tables(lookalikes, &query))
		return true;
	return username->lookalike == LOOKALIKE_OTHER &&
	       (find_among_latin(&query, username->text, username->length) ||
		       find_among_latin(&query, username->key, username->key_length));
}
