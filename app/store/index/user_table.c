/*
 * The users as they lie in memory. Entries are of one size, in runs of 12 MB; names are in
 * name_blocks. No addition moves what is there: a name can be lent out.
 *
 * Removing users leaves gaps. When there are many, the users behind them move up, a few at each
 * removal, so that memory does not grow for ever where users come and go.
 *
 * The key that a name is compared by is mostly the name with small ASCII letters, and is then not
 * kept: it is made from the name wherever it is needed. Its base form is mostly the key itself.
 */
#include "store/index/user_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/scratch.h"
#include "base/utf8.h"
#include "store/index/name_blocks.h"
#include "store/names/base_form.h"
#include "store/names/name_key.h"

#define ENTRIES_PER_RUN ((size_t)1 << 19) /* a power of two: no division */

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

/* So many gaps, and a quarter of all positions, are not worth the moving. */
#define FEW_GAPS 1024

/* At once. */
#define GAPS_PASSED 64

/* Of a name. Not aligned. */
struct form {
	uint16_t length;
	char bytes[];
};

struct user_table {
	struct entry **runs; /* each of ENTRIES_PER_RUN entries */
	size_t run_count;
	size_t count; /* with those removed */
	size_t removed;
	uint16_t *gaps; /* of each stretch that had any, and of those before */
	size_t stretches;
	struct name_blocks names;
	bool is_closing; /* gaps, a few users at a time: */
	size_t moved;    /* the users before this position have been moved, */
	size_t unmoved;  /* those from this one on have not; in between there is nobody */
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
	name_blocks_free(&table->names);
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
	SCRATCH char base[LIMIT_NAME_BASE];
	bool has_base,
		has_key = !name_key_is_lowered(key, key_length, user->name, user->name_length);
	size_t base_length = write_base(key, key_length, base, &has_base);
	char *name = name_blocks_take(&table->names,
		user->name_length + (has_key ? sizeof(struct form) + key_length : 0) +
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

	/* Not where there is nobody: what stands there is not in order. */
	if (table->moved < table->unmoved) {
		bool is_moved =
			table->moved > 0 && number <= entry_at(table, table->moved - 1)->number;
		low = is_moved ? 0 : table->unmoved;
		high = is_moved ? table->moved : table->count;
	}
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

	name_blocks_forget(&table->names, entry->name);
	entry->length = 0;
	entry->has_key = entry->has_base = false;
	count_gap(table, position);
}

void user_table_replace(struct user_table *table, size_t position, const struct user *user,
	const char *key, size_t key_length)
{
	struct entry *entry = entry_at(table, position);
	const char *old = entry->name;

	*entry = copy_name(table, user, key, key_length);
	name_blocks_forget(&table->names, old);
}

bool user_table_is_sparse(const struct user_table *table)
{
	return table->is_closing || table->removed > FEW_GAPS + table->count / 4;
}

/* Behind the users that were moved there is nobody. */
static void end_closing(struct user_table *table)
{
	size_t runs = (table->moved + ENTRIES_PER_RUN - 1) / ENTRIES_PER_RUN;
	size_t whole = table->moved / PER_STRETCH;

	table->count = table->moved;
	table->moved = table->unmoved = 0;
	table->is_closing = false;
	while (table->run_count > runs)
		free(table->runs[--table->run_count]);
	table->stretches = table->stretches < whole ? table->stretches : whole;
	table->removed = 0;
	for (size_t i = 0; i < table->stretches; i++)
		table->removed += table->gaps[i];
	for (size_t i = whole * PER_STRETCH; i < table->count; i++) {
		if (is_gap(table, i))
			count_gap(table, i);
	}
}

bool user_table_begin_move(struct user_table *table, struct user_move *move)
{
	table->is_closing = true;
	for (size_t passed = 0; passed < GAPS_PASSED; passed++, table->unmoved++) {
		if (table->unmoved == table->count) {
			end_closing(table);
			return false;
		}
		if (is_gap(table, table->unmoved))
			continue;
		*move = (struct user_move){.from = table->unmoved, .to = table->moved};
		if (move->from != move->to) {
			*entry_at(table, move->to) = *entry_at(table, move->from);
			table->gaps[move->to / PER_STRETCH]--;
			table->removed--;
		}
		return true;
	}
	return false;
}

/* Of the name, and what is kept behind it. */
static size_t kept_length(const struct entry *entry)
{
	const char *end = entry->name + entry->length;
	size_t length;

	if (entry->has_key)
		end = form_at(end, &length) + length;
	if (entry->has_base)
		end = form_at(end, &length) + length;
	return (size_t)(end - entry->name);
}

/* The name moves as well, or its block would stay for it. */
void user_table_end_move(struct user_table *table, const struct user_move *move)
{
	struct entry *entry = entry_at(table, move->to);
	const char *old = entry->name;
	size_t length = kept_length(entry);

	entry->name = memcpy(name_blocks_take(&table->names, length), old, length);
	name_blocks_forget(&table->names, old);
	if (move->from != move->to) {
		entry_at(table, move->from)->length = 0;
		count_gap(table, move->from);
	}
	table->moved = move->to + 1;
	table->unmoved = move->from + 1;
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
	table->moved = table->unmoved = 0;
	table->is_closing = false;
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
