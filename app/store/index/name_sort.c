#include "store/index/name_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/names/name_key.h"

#define FEW    40 /* items that are sorted by comparing them */
#define VALUES 256

/* How far ahead of its use an entry, and then its name, is fetched into the processor's cache:
 * items that are neighbours here are anywhere in memory. */
#define ENTRY_AHEAD 24
#define NAME_AHEAD  12

/* Items whose keys are the same before a byte. */
struct group {
	struct name_item *items;
	size_t count;
	size_t at; /* that byte of the keys */
};

/* Groups are sorted by one byte, which makes smaller groups of them: the last one first, so that
 * what is at work is mostly in the processor's cache. */
struct sort {
	const struct user_table *table;
	struct group *groups; /* still to be sorted */
	size_t count;
	size_t capacity;
};

static void take_piece(const struct user_table *table, struct name_item *item, size_t at)
{
	size_t length;
	const char *key = user_table_kept_key(table, item->position, &length);
	size_t rest = length > at ? length - at : 0;
	size_t taken = rest < NAME_PIECE ? rest : NAME_PIECE;

	memset(item->piece + taken, 0, NAME_PIECE - taken);
	name_key_lower(key + length - rest, taken, (char *)item->piece);
}

struct name_item name_item(const struct user_table *table, size_t position)
{
	struct name_item item = {.position = (uint32_t)position};

	take_piece(table, &item, 0);
	return item;
}

static void fetch_ahead(const struct user_table *table, const struct group *group, size_t i)
{
	if (i + ENTRY_AHEAD < group->count)
		user_table_fetch(table, group->items[i + ENTRY_AHEAD].position);
	if (i + NAME_AHEAD < group->count)
		user_table_fetch_name(table, group->items[i + NAME_AHEAD].position);
}

/* How much all keys of a group have in common from there on, in whole pieces. */
static size_t common_pieces(const struct user_table *table, const struct group *group)
{
	char key[LIMIT_NAME_KEY];
	size_t common = user_table_key(table, group->items[0].position, key), length;

	common = common > group->at ? common - group->at : 0;
	for (size_t i = 1; i < group->count && common >= NAME_PIECE; i++) {
		fetch_ahead(table, group, i);
		const char *kept = user_table_kept_key(table, group->items[i].position, &length);
		length = length > group->at ? length - group->at : 0;
		common = name_key_common(
			key + group->at, kept + group->at, common < length ? common : length);
	}
	return common - common % NAME_PIECE;
}

/* Names that strangers choose may all begin with the same: that is looked at once, and not a byte
 * at a time. */
static void take_pieces(const struct user_table *table, struct group *group)
{
	struct name_item *items = group->items;

	group->at += common_pieces(table, group);
	for (size_t i = 0; i < group->count; i++) {
		fetch_ahead(table, group, i);
		take_piece(table, &items[i], group->at);
	}
}

static void put_group(struct sort *sort, struct name_item *items, size_t count, size_t at)
{
	if (count < 2)
		return;
	if (sort->count == sort->capacity) {
		sort->capacity = sort->capacity > 0 ? 2 * sort->capacity : VALUES;
		sort->groups = memory_resized(sort->groups, sort->capacity, sizeof(*sort->groups));
	}
	sort->groups[sort->count++] = (struct group){.items = items, .count = count, .at = at};
}

/* For qsort_r(). */
static int compare_whole(const void *left, const void *right, void *entries)
{
	const struct name_item *a = left, *b = right;
	char key[LIMIT_NAME_KEY];
	size_t length, key_length = user_table_key(entries, a->position, key);
	const char *other = user_table_kept_key(entries, b->position, &length);
	bool is_beginning;
	int order = name_key_compare(key, key_length, other, length, &is_beginning);

	if (order != 0)
		return order;
	return a->position < b->position ? -1 : 1;
}

/* Items with the same piece, or with the same before a 0. It is the end of a key, and of two that
 * end here the older user comes first; or else it has to be seen how they go on. */
static void put_equal(
	struct sort *sort, struct name_item *items, size_t count, size_t at, bool is_end)
{
	if (!is_end)
		put_group(sort, items, count, at - at % NAME_PIECE + NAME_PIECE);
	else if (count > 1)
		qsort_r(items, count, sizeof(*items), compare_whole, (void *)sort->table);
}

static void sort_few(struct sort *sort, const struct group *group)
{
	struct name_item *items = group->items;
	size_t start = 0;

	for (size_t i = 1; i < group->count; i++) {
		const struct name_item item = items[i];
		size_t at = i;
		for (; at > 0 && memcmp(item.piece, items[at - 1].piece, NAME_PIECE) < 0; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
	for (size_t i = 1; i <= group->count; i++) {
		if (i < group->count && memcmp(items[start].piece, items[i].piece, NAME_PIECE) == 0)
			continue;
		put_equal(sort, items + start, i - start, group->at,
			items[start].piece[NAME_PIECE - 1] == 0);
		start = i;
	}
}

/* Where the items with each value of a byte are to end. */
static void find_ends(const struct group *group, size_t byte, size_t ends[static VALUES])
{
	memset(ends, 0, VALUES * sizeof(*ends));
	for (size_t i = 0; i < group->count; i++)
		ends[group->items[i].piece[byte]]++;
	for (size_t value = 1; value < VALUES; value++)
		ends[value] += ends[value - 1];
}

/* Moves every item to the others with its value: each that is in the wrong place is exchanged for
 * the next one that belongs there. */
static void deal(struct name_item *items, size_t byte, const size_t ends[static VALUES])
{
	size_t next[VALUES] = {0};

	memcpy(next + 1, ends, (VALUES - 1) * sizeof(*next));
	if (next[items->piece[byte]] == 0 && ends[items->piece[byte]] == ends[VALUES - 1])
		return; /* all have the same */
	for (size_t value = 0; value < VALUES; value++) {
		while (next[value] < ends[value]) {
			struct name_item item = items[next[value]];
			for (size_t to; (to = item.piece[byte]) != value;) {
				struct name_item other = items[next[to]];
				items[next[to]++] = item;
				item = other;
			}
			items[next[value]++] = item;
		}
	}
}

static void sort_many(struct sort *sort, const struct group *group)
{
	size_t ends[VALUES], start = 0;
	size_t byte = group->at % NAME_PIECE;

	find_ends(group, byte, ends);
	deal(group->items, byte, ends);
	for (size_t value = 0; value < VALUES; value++) {
		struct name_item *items = group->items + start;
		size_t count = ends[value] - start;
		if (value == 0 || byte == NAME_PIECE - 1)
			put_equal(sort, items, count, group->at, value == 0);
		else
			put_group(sort, items, count, group->at + 1);
		start = ends[value];
	}
}

void name_sort(const struct user_table *table, struct name_item *items, size_t count)
{
	struct sort sort = {.table = table};

	put_group(&sort, items, count, 0);
	while (sort.count > 0) {
		struct group group = sort.groups[--sort.count];
		if (group.at > 0 && group.at % NAME_PIECE == 0)
			take_pieces(table, &group);
		if (group.count <= FEW)
			sort_few(&sort, &group);
		else
			sort_many(&sort, &group);
	}
	free(sort.groups);
}
