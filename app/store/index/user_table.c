/*
 * The users as they lie in memory. Entries are of one size, in runs of 12 MB; names lie one behind
 * the other in blocks of 16 MB, so that a name has no malloc() header of its own. Neither is ever
 * moved: a name can be lent out, and no addition copies what is there.
 *
 * The key that a name is compared by is mostly the name with small ASCII letters, and is then not
 * kept: it is made from the name wherever it is needed. Its base form is mostly the key itself.
 */
#include "store/index/user_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "store/names/base_form.h"
#include "store/names/name_key.h"

#define BLOCK           ((size_t)16 << 20)
#define ENTRIES_PER_RUN ((size_t)1 << 19) /* a power of two: no division */
#define NAMES_PER_BLOCK (BLOCK - sizeof(struct block))

struct entry {
	const char *name;
	uint64_t number;
	uint64_t created : 48;
	uint64_t length : 13;  /* 0: removed */
	uint64_t has_key : 1;  /* a struct form stands behind the name: the key */
	uint64_t has_base : 1; /* one stands behind the name, or its key: the base form */
	uint64_t is_marked : 1;
};

/* Gaps are counted for each so many positions: a power of two, of which runs have a whole number.
 */
#define PER_STRETCH ((size_t)1 << 12)

/* Of a name. Not aligned. */
struct form {
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
	uint16_t *gaps; /* of each stretch that had any, and of those before */
	size_t stretches;
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
	free(table->gaps);
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

static const char *form_at(const char *at, size_t *length)
{
	struct form form;

	memcpy(&form, at, sizeof(form));
	*length = form.length;
	return at + sizeof(form);
}

static const char *key_of(const struct entry *entry, size_t *length)
{
	*length = entry->length;
	return entry->has_key ? form_at(entry->name + entry->length, length) : entry->name;
}

const char *user_table_kept_key(const struct user_table *table, size_t position, size_t *length)
{
	return key_of(entry_at(table, position), length);
}

const char *user_table_kept_form(
	const struct user_table *table, size_t position, enum name_form form, size_t *length)
{
	const struct entry *entry = entry_at(table, position);
	const char *key = key_of(entry, length);

	return entry->has_base && form == NAME_BASE ? form_at(key + *length, length) : key;
}

bool user_table_has_base(const struct user_table *table, size_t position)
{
	return entry_at(table, position)->has_base;
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

static char *append_form(char *at, const char *bytes, size_t length)
{
	const struct form head = {.length = (uint16_t)length};

	memcpy(at, &head, sizeof(head));
	memcpy(at + sizeof(head), bytes, length);
	return at + sizeof(head) + length;
}

/* Writes the base form of a key if that is another text. Returns its length, `has_base` whether it
 * is. */
static size_t write_base(
	const char *key, size_t key_length, char base[static LIMIT_NAME_BASE], bool *has_base)
{
	size_t accented, length;

	*has_base = false;
	if (utf8_is_ascii(key, key_length) && !base_form_has_row(key, key_length))
		return 0;
	length = base_form_make(key, key_length, base, &accented);
	*has_base = length != key_length || memcmp(base, key, key_length) != 0;
	return length;
}

/* Copies the name, and its forms as far as they are to be kept. */
static struct entry copy_name(
	struct user_table *table, const struct user *user, const char *key, size_t key_length)
{
	char base[LIMIT_NAME_BASE];
	bool has_base,
		has_key = !name_key_is_lowered(key, key_length, user->name, user->name_length);
	size_t base_length = write_base(key, key_length, base, &has_base);
	char *name = take_room(table, user->name_length +
					      (has_key ? sizeof(struct form) + key_length : 0) +
					      (has_base ? sizeof(struct form) + base_length : 0));

	memcpy(name, user->name, user->name_length);
	char *end = name + user->name_length;
	if (has_key)
		end = append_form(end, key, key_length);
	if (has_base)
		append_form(end, base, base_length);
	return (struct entry){.name = name,
		.number = user->number,
		.created = (uint64_t)user->created & ((UINT64_C(1) << 48) - 1),
		.length = user->name_length & (INT16_MAX >> 2),
		.has_key = has_key,
		.has_base = has_base};
}

void user_table_add(
	struct user_table *table, const struct user *user, const char *key, size_t key_length)
{
	size_t position = table->count;

	if (position / ENTRIES_PER_RUN == table->run_count) {
		/* The array of runs is small: one pointer for 500,000 users. */
		table->runs =
			memory_resized(table->runs, table->run_count + 1, sizeof(struct entry *));
		table->runs[table->run_count] =
			memory_resized(NULL, ENTRIES_PER_RUN, sizeof(struct entry));
		table->run_count++;
	}
	*entry_at(table, position) = copy_name(table, user, key, key_length);
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

static bool is_gap(const struct user_table *table, size_t position)
{
	return entry_at(table, position)->length == 0;
}

static size_t gaps_in(const struct user_table *table, size_t stretch)
{
	return stretch < table->stretches ? table->gaps[stretch] : 0;
}

size_t user_table_next(const struct user_table *table, size_t position)
{
	while (position < table->count && is_gap(table, position)) {
		if (position % PER_STRETCH == 0 &&
			gaps_in(table, position / PER_STRETCH) == PER_STRETCH)
			position += PER_STRETCH;
		else
			position++;
	}
	return position < table->count ? position : table->count;
}

size_t user_table_behind_previous(const struct user_table *table, size_t position)
{
	while (position > 0 && is_gap(table, position - 1)) {
		if (position % PER_STRETCH == 0 &&
			gaps_in(table, position / PER_STRETCH - 1) == PER_STRETCH)
			position -= PER_STRETCH;
		else
			position--;
	}
	return position;
}

size_t user_table_select(const struct user_table *table, size_t before)
{
	size_t position = 0;

	if (before >= table->count - table->removed)
		return table->count;
	for (size_t users; before >= (users = PER_STRETCH - gaps_in(table, position / PER_STRETCH));
		before -= users)
		position += PER_STRETCH;
	for (position = user_table_next(table, position); before > 0; before--)
		position = user_table_next(table, position + 1);
	return position;
}

static void count_gap(struct user_table *table, size_t position)
{
	size_t stretch = position / PER_STRETCH;

	if (stretch >= table->stretches) {
		table->gaps = memory_resized(table->gaps, stretch + 1, sizeof(*table->gaps));
		memset(table->gaps + table->stretches, 0,
			(stretch + 1 - table->stretches) * sizeof(*table->gaps));
		table->stretches = stretch + 1;
	}
	table->gaps[stretch]++;
	table->removed++;
}

void user_table_remove(struct user_table *table, size_t position)
{
	struct entry *entry = entry_at(table, position);

	entry->length = 0;
	entry->has_key = entry->has_base = false;
	count_gap(table, position);
}

void user_table_replace(struct user_table *table, size_t position, const struct user *user,
	const char *key, size_t key_length)
{
	*entry_at(table, position) = copy_name(table, user, key, key_length);
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
	table->stretches = 0;
}

void user_table_mark(struct user_table *table, size_t position)
{
	entry_at(table, position)->is_marked = true;
}

bool user_table_is_marked(const struct user_table *table, size_t position)
{
	return entry_at(table, position)->is_marked;
}
