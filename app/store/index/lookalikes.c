/*
 * Hash tables from skeletons to numbers of users, for the names that can look like one of another
 * script, but for those in ASCII. With these, an index of skeletons would take a third more memory
 * than the users do; so a user with a name in ASCII is found the other way round, by the keys of
 * the few names that could be meant (skeleton_ascii_keys()).
 *
 * The tables have numbers in place of positions, because those never change. There are many, as in
 * user_index.c: one alone takes 47 ms to enlarge at 786,000 entries.
 */
#include "store/index/lookalikes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/scratch.h"
#include "base/utf8.h"
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

struct look_set {
	size_t used; /* slots of all tables */
	struct look_table tables[TABLES];
};

struct lookalikes {
	const struct user_index *users;
	uint64_t seed; /* unknown to clients, so that they cannot choose names that collide */
	struct look_set others; /* of LOOKALIKE_OTHER */
	struct look_set latin;  /* of LOOKALIKE_LATIN, with accents or rarer letters */
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
	for (size_t i = 0; lookalikes != NULL && i < TABLES; i++) {
		free(lookalikes->others.tables[i].slots);
		free(lookalikes->latin.tables[i].slots);
	}
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

static void add_look(struct look_set *set, uint64_t hash, uint64_t number)
{
	struct look_table *table = &set->tables[table_of(hash)];

	if (table->used >= table->capacity / 4 * 3)
		enlarge_table(table);
	struct look_slot *slot = seek_slot(table, hash);
	if (slot == NULL)
		return;
	table->used++;
	set->used++;
	*slot = (struct look_slot){.hash = hash, .number = number};
}

/* NULL: the user is found by the key, or looks like nobody. */
static struct look_set *set_of(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length)
{
	/* Most names, at little cost. */
	if (utf8_is_ascii(user->name, user->name_length))
		return NULL;
	switch (lookalike_of(user->name, user->name_length, key, key_length)) {
	case LOOKALIKE_OTHER:
		return &lookalikes->others;
	case LOOKALIKE_LATIN:
		return &lookalikes->latin;
	case LOOKALIKE_NONE:
		break;
	}
	return NULL;
}

typedef void look_cb(struct look_set *set, uint64_t hash, uint64_t number);

/* Adds or removes each of the looks of a user. */
static void change_looks(struct lookalikes *lookalikes, const struct user *user, const char *key,
	size_t key_length, look_cb *change)
{
	struct look_set *set = set_of(lookalikes, user, key, key_length);

	if (set == NULL)
		return;
	struct looks looks =
		lookalike_looks(user->name, user->name_length, key, key_length, lookalikes->seed);
	if (looks.shown != 0)
		change(set, looks.shown, user->number);
	if (looks.small != 0 && looks.small != looks.shown)
		change(set, looks.small, user->number);
}

void lookalikes_add(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length)
{
	change_looks(lookalikes, user, key, key_length, add_look);
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

static void remove_look(struct look_set *set, uint64_t hash, uint64_t number)
{
	struct look_table *table = &set->tables[table_of(hash)];
	const struct look_slot *slot;

	if (table->capacity == 0)
		return;
	for (uint64_t at = hash; (slot = slot_at(table, at))->number != 0; at++) {
		if (slot->hash == hash && slot->number == number) {
			empty_look(table, at);
			set->used--;
			return;
		}
	}
}

void lookalikes_remove(
	struct lookalikes *lookalikes, const struct user *user, const char *key, size_t key_length)
{
	change_looks(lookalikes, user, key, key_length, remove_look);
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

static bool find_look(const struct look_set *set, const struct look_query *query, uint64_t hash)
{
	const struct look_table *table = &set->tables[table_of(hash)];
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

static bool find_in_set(
	const struct look_set *set, const struct look_query *query, const struct looks *looks)
{
	return find_look(set, query, looks->shown) ||
	       (looks->small != looks->shown && find_look(set, query, looks->small));
}

/* Nobody with a Latin name looks like another. */
static bool find_in_tables(const struct lookalikes *lookalikes, const struct look_query *query)
{
	const struct username *username = query->username;
	bool is_other = username->lookalike == LOOKALIKE_OTHER;

	if (lookalikes->others.used == 0 && (!is_other || lookalikes->latin.used == 0))
		return false;
	struct looks looks = lookalike_looks(username->text, username->length, username->key,
		username->key_length, lookalikes->seed);
	return find_in_set(&lookalikes->others, query, &looks) ||
	       (is_other && find_in_set(&lookalikes->latin, query, &looks));
}

/* skeleton_key_cb */
static bool is_key_of_holder(
	void *argument, const char *name, size_t length, const char *key, size_t key_length)
{
	const struct look_query *query = argument;

	(void)name;
	(void)length;
	return user_index_find(query->users, key, key_length, query->holder) && is_holder(query);
}

static bool find_in_ascii(struct look_query *query, const char *text, size_t length)
{
	SCRATCH struct skeleton skeleton;

	return skeleton_of(text, length, &skeleton) &&
	       skeleton_ascii_keys(&skeleton, is_key_of_holder, query);
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
	if (find_in_tables(lookalikes, &query))
		return true;
	if (username->lookalike != LOOKALIKE_OTHER)
		return false;
	bool is_small = username->length == username->key_length &&
			memcmp(username->text, username->key, username->length) == 0;
	return find_in_ascii(&query, username->text, username->length) ||
	       (!is_small && find_in_ascii(&query, username->key, username->key_length));
}
