/*
 * All users, found by number, by name, and in the order of the words of their names. The users are
 * in a user_table, these orders in two name_index, and key_slots finds a name by its hash. The name
 * itself is compared in the user_table.
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
#include "base/scratch.h"
#include "store/index/first_letters.h"
#include "store/index/key_slots.h"
#include "store/index/user_table.h"
#include "store/names/name_key.h"

#define FORMS 2 /* NAME_BASE, NAME_KEY */

/* Users that are moved at a removal, into gaps: 3 microseconds each where nothing is in the
 * processor's cache. */
#define MOVES 8

struct user_index {
	struct user_table *table;
	struct name_index *orders[FORMS]; /* by enum name_form */
	size_t order_count;               /* FORMS; 0: they are not kept, and NULL */
	size_t indexed;                   /* positions whose users shards and orders have */
	struct first_letters letters;     /* if the orders are not kept */
	size_t lettered;                  /* users whose words these letters are of */
	uint64_t seed;
	struct key_slots *slots;
};

struct user_index *user_index_open(void)
{
	struct user_index *users = memory_zeroed(sizeof(*users));

	users->table = user_table_open();
	users->slots = key_slots_open();
	/* Names come from strangers: with a seed that they do not know they cannot choose names
	 * that collide. */
	users->seed = random_number();
	return users;
}

void user_index_close(struct user_index *users)
{
	if (users == NULL)
		return;
	key_slots_close(users->slots);
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

uint64_t user_index_last_seat(const struct user_index *users, uint64_t seats)
{
	if (seats == 0 || user_index_count(users) <= seats)
		return 0;
	return user_table_at(users->table, user_table_select(users->table, (size_t)seats - 1))
		.number;
}

static uint64_t hash_of(const struct user_index *users, const char *key, size_t length)
{
	return XXH3_64bits_withSeed(key, length, users->seed);
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
	key_slots_add(users->slots, hash_of(users, key, key_length), position);
	users->indexed++;
	for (size_t i = 0; i < users->order_count; i++)
		name_index_add(users->orders[i], position);
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
	struct key_walk walk = key_slots_walk(users->slots, hash_of(users, key, key_length));

	for (size_t position; key_walk_next(&walk, &position);) {
		if (!has_key(users, position, key, key_length))
			continue;
		*user = user_table_at(users->table, position);
		return true;
	}
	return false;
}

size_t user_index_find_all(const struct user_index *users, const char *key, size_t key_length,
	struct user *found, size_t most)
{
	struct key_walk walk = key_slots_walk(users->slots, hash_of(users, key, key_length));
	size_t count = 0;

	for (size_t position; key_walk_next(&walk, &position);) {
		if (!has_key(users, position, key, key_length))
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
	SCRATCH struct name_entry entries[NAME_WORDS_MOST];
	SCRATCH char text[LIMIT_NAME_BASE];
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
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length = user_table_key(users->table, position, key);

	if (position < users->lettered) {
		users->lettered = 0;
		users->letters = (struct first_letters){0};
	}
	if (position >= users->indexed)
		return;
	key_slots_remove(users->slots, hash_of(users, key, key_length), position);
	for (size_t i = 0; i < users->order_count; i++)
		name_index_remove(users->orders[i], position);
}

static void move_user(struct user_index *users, const struct user_move *move)
{
	SCRATCH char key[LIMIT_NAME_KEY];
	size_t key_length = user_table_key(users->table, move->from, key);

	key_slots_move(users->slots, hash_of(users, key, key_length), move->from, move->to);
	for (size_t i = 0; i < users->order_count; i++)
		name_index_move(users->orders[i], move->from, move->to);
}

/* A few of them: the others at the next removals. */
static void close_gaps(struct user_index *users)
{
	struct user_move move;

	for (size_t i = 0; i < MOVES; i++) {
		if (!user_table_is_sparse(users->table) ||
			!user_table_begin_move(users->table, &move))
			break;
		if (move.from != move.to)
			move_user(users, &move);
		user_table_end_move(users->table, &move);
	}
	users->indexed = user_table_count(users->table);
}

bool user_index_remove(struct user_index *users, uint64_t number)
{
	size_t position;

	if (!user_table_find(users->table, number, &position))
		return false;
	withdraw_user(users, position);
	user_table_remove(users->table, position);
	if (users->indexed == user_table_count(users->table) && users->order_count > 0)
		close_gaps(users);
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
	key_slots_add(users->slots, hash_of(users, key, key_length), position);
	for (size_t i = 0; i < users->order_count; i++)
		name_index_add(users->orders[i], position);
	return true;
}

/* key_slots_doubt_cb: marks users that may have the same key as an older one. */
static void mark_doubtful(void *argument, size_t position)
{
	user_table_mark(argument, position);
}

static void deal_out(struct user_index *users)
{
	size_t count = user_table_count(users->table);

	for (; users->indexed < count; users->indexed++) {
		SCRATCH char key[LIMIT_NAME_KEY];
		size_t key_length = user_table_key(users->table, users->indexed, key);
		key_slots_deal(users->slots, hash_of(users, key, key_length), users->indexed);
	}
}

/* Sorting takes as much memory as the slots, and gives it back before there are any. */
static void index_all(struct user_index *users)
{
	key_slots_clear(users->slots);
	users->indexed = 0;
	users->lettered = 0;
	users->letters = (struct first_letters){0};
	for (size_t i = 0; i < users->order_count; i++)
		name_index_load(users->orders[i]);
	deal_out(users);
	key_slots_arrange(users->slots, mark_doubtful, users->table);
}

static void report_clashes(
	const struct user_index *users, user_index_clash_cb *clash, void *argument)
{
	for (size_t i = 0; i < user_table_count(users->table); i++) {
		SCRATCH char key[LIMIT_NAME_KEY];
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
