/*
 * The users as they lie in memory. Entries are of one size, in runs of 16 MB; names lie one behind
 * the other in blocks of 16 MB, so that a name has no malloc() header of its own. Neither is ever
 * moved: a name can be lent out, and no addition copies what is there.
 *
 * The key that a name is compared by is mostly the name with small ASCII letters, and is then not
 * kept: it is made from the name wherever it is needed.
 */
#include "store/index/user_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/names/name_key.h"

#define BLOCK           ((size_t)16 << 20)
#define ENTRIES_PER_RUN (BLOCK / sizeof(struct entry))
#define NAMES_PER_BLOCK (BLOCK - sizeof(struct block))

struct entry {
	const char *name;
	uint64_t number;
	uint64_t created : 48;
	uint64_t length : 14; /* 0: removed */
	uint64_t has_key : 1; /* a struct key stands behind the name */
	uint64_t is_marked : 1;
};

/* Not aligned. */
struct key {
	uint16_t length;
	char bytes[];
};

struct block {
	struct block *next;
	char bytes[];
};

struct user_table {
	struct entry **runs; /* each of ENTRIES_PER_RUN entries */
	size_t run_count;
	size_t count; /* with those removed */
	size_t removed;
	struct block *blocks; /* the names, newest block first */
	size_t block_left;
};

struct user_table *user_table_open(void)
{
	return memory_zeroed(sizeof(struct user_table));
}

void user_table_close(struct user_table *table)
{
	if (table == NULL)
		return;
	for (size_t i = 0; i < table->run_count; i++)
		free(table->runs[i]);
	free(table->runs);
	while (table->blocks != NULL) {
		struct block *next = table->blocks->next;
		free(table->blocks);
		table->blocks = next;
	}
	free(table);
}

size_t user_table_count(const struct user_table *table)
{
	return table->count;
}

size_t user_table_removed(const struct user_table *table)
{
	return table->removed;
}

static struct entry *entry_at(const struct user_table *table, size_t position)
{
	return &table->runs[position / ENTRIES_PER_RUN][position % ENTRIES_PER_RUN];
}

struct user user_table_at(const struct user_table *table, size_t position)
{
	const struct entry *entry = entry_at(table, position);

	return (struct user){.number = entry->number,
		.created = (int64_t)entry->created,
		.name = entry->name,
		.name_length = entry->length};
}

const char *user_table_kept_key(const struct user_table *table, size_t position, size_t *length)
{
	const struct entry *entry = entry_at(table, position);
	const char *end = entry->name + entry->length;
	struct key key;

	*length = entry->length;
	if (!entry->has_key)
		return entry->name;
	memcpy(&key, end, sizeof(key));
	*length = key.length;
	return end + sizeof(key);
}

size_t user_table_key(
	const struct user_table *table, size_t position, char key[static LIMIT_NAME_KEY])
{
	size_t length;
	const char *kept = user_table_kept_key(table, position, &length);

	name_key_lower(kept, length, key);
	return length;
}

void user_table_fetch(const struct user_table *table, size_t position)
{
	__builtin_prefetch(entry_at(table, position));
}

void user_table_fetch_name(const struct user_table *table, size_t position)
{
	__builtin_prefetch(entry_at(table, position)->name);
}

/* Room for so many bytes in one piece. */
static char *take_room(struct user_table *table, size_t length)
{
	if (length > table->block_left) {
		struct block *block = memory_resized(NULL, 1, BLOCK);
		block->next = table->blocks;
		table->blocks = block;
		table->block_left = NAMES_PER_BLOCK;
	}
	char *room = table->blocks->bytes + NAMES_PER_BLOCK - table->block_left;
	table->block_left -= length;
	return room;
}

/* `key` is NULL if it need not be kept. */
static const char *copy_name(
	struct user_table *table, const struct user *user, const char *key, size_t key_length)
{
	const struct key head = {.length = (uint16_t)key_length};
	size_t length = user->name_length;
	char *name = take_room(table, length + (key != NULL ? sizeof(head) + key_length : 0));

	memcpy(name, user->name, length);
	if (key != NULL) {
		memcpy(name + length, &head, sizeof(head));
		memcpy(name + length + sizeof(head), key, key_length);
	}
	return name;
}

void user_table_add(
	struct user_table *table, const struct user *user, const char *key, size_t key_length)
{
	size_t position = table->count;
	bool has_key = !name_key_is_lowered(key, key_length, user->name, user->name_length);

	if (position / ENTRIES_PER_RUN == table->run_count) {
		/* The array of runs is small: one pointer for 700,000 users. */
		table->runs =
			memory_resized(table->runs, table->run_count + 1, sizeof(struct entry *));
		table->runs[table->run_count] = memory_resized(NULL, 1, BLOCK);
		table->run_count++;
	}
	*entry_at(table, position) =
		(struct entry){.name = copy_name(table, user, has_key ? key : NULL, key_length),
			.number = user->number,
			.created = (uint64_t)user->created & ((UINT64_C(1) << 48) - 1),
			.length = user->name_length & (INT16_MAX >> 1),
			.has_key = has_key};
	table->count++;
}

size_t user_table_seek(const struct user_table *table, uint64_t number)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (entry_at(table, middle)->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool user_table_find(const struct user_table *table, uint64_t number, size_t *position)
{
	*position = user_table_seek(table, number);
	if (*position == table->count)
		return false;
	const struct entry *entry = entry_at(table, *position);
	return entry->number == number && entry->length > 0;
}

void user_table_remove(struct user_table *table, size_t position)
{
	struct entry *entry = entry_at(table, position);

	entry->length = 0;
	entry->has_key = false;
	table->removed++;
}

void user_table_close_gaps(struct user_table *table)
{
	size_t kept = 0;

	if (table->removed == 0)
		return;
	for (size_t i = 0; i < table->count; i++) {
		struct entry entry = *entry_at(table, i);
		if (entry.length > 0)
			*entry_at(table, kept++) = entry;
	}
	table->count = kept;
	table->removed = 0;
}

void user_table_mark(struct user_table *table, size_t position)
{
	entry_at(table, position)->is_marked = true;
}

bool user_table_is_marked(const struct user_table *table, size_t position)
{
	return entry_at(table, position)->is_marked;
}
