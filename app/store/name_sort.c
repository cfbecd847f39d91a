#include "name_sort.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK  sizeof(uint64_t)
#define FEW    24 /* items that are sorted by comparing them */
#define VALUES 256

/* How far ahead of its use an entry, and then its name, is fetched into the processor's cache:
 * items that are neighbours here are anywhere in memory. */
#define ENTRY_AHEAD 24
#define NAME_AHEAD  12

static uint64_t chunk_of(const char *key, size_t key_length, size_t offset)
{
	unsigned char bytes[CHUNK] = {0};
	uint64_t chunk = 0;

	if (offset < key_length)
		memcpy(bytes, key + offset,
			key_length - offset < CHUNK ? key_length - offset : CHUNK);
	for (size_t i = 0; i < CHUNK; i++)
		chunk = chunk << 8 | bytes[i];
	return chunk;
}

static struct name_item item_from(
	size_t position, const char *key, size_t key_length, size_t offset)
{
	return (struct name_item){.chunks = {chunk_of(key, key_length, offset),
					  chunk_of(key, key_length, offset + CHUNK)},
		.position = (uint32_t)position};
}

struct name_item name_item(size_t position, const char *key, size_t key_length)
{
	return item_from(position, key, key_length, 0);
}

/* By the chunk that is number `which`. */
static void sort_few(struct name_item *items, size_t count, unsigned which)
{
	for (size_t i = 1; i < count; i++) {
		struct name_item item = items[i];
		size_t at = i;
		for (; at > 0 && items[at - 1].chunks[which] > item.chunks[which]; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
}

/* A byte of an item: which chunk it is in, and how many bits behind it. */
struct digit {
	unsigned which;
	unsigned shift;
};

static size_t value_of(const struct name_item *item, struct digit digit)
{
	return item->chunks[digit.which] >> digit.shift & (VALUES - 1);
}

/* Moves every item to the others with its value of that byte; `ends` gets where those end. Each
 * item that is in the wrong place is exchanged for the next one that belongs there. */
static void deal(
	struct name_item *items, size_t count, struct digit digit, size_t ends[static VALUES])
{
	size_t next[VALUES], sum = 0;

	memset(ends, 0, VALUES * sizeof(*ends));
	for (size_t i = 0; i < count; i++)
		ends[value_of(&items[i], digit)]++;
	for (size_t value = 0; value < VALUES; value++) {
		next[value] = sum;
		sum += ends[value];
		ends[value] = sum;
	}
	for (size_t value = 0; value < VALUES; value++) {
		while (next[value] < ends[value]) {
			struct name_item item = items[next[value]];
			for (size_t to; (to = value_of(&item, digit)) != value;) {
				struct name_item other = items[next[to]];
				items[next[to]++] = item;
				item = other;
			}
			items[next[value]++] = item;
		}
	}
}

/* By this byte of a chunk and those below it: the ones above are the same. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as a chunk has bytes */
static void sort_chunks(struct name_item *items, size_t count, struct digit digit)
{
	size_t ends[VALUES], start = 0;

	if (count <= FEW) {
		sort_few(items, count, digit.which);
		return;
	}
	deal(items, count, digit, ends);
	if (digit.shift == 0)
		return;
	digit.shift -= 8;
	for (size_t value = 0; value < VALUES; value++) {
		sort_chunks(items + start, ends[value] - start, digit);
		start = ends[value];
	}
}

/* For qsort_r(). */
static int compare_whole(const void *left, const void *right, void *entries)
{
	const struct name_item *a = left, *b = right;
	char a_key[LIMIT_NAME_KEY], b_key[LIMIT_NAME_KEY];
	size_t a_length = entries_key(entries, a->position, a_key);
	size_t b_length = entries_key(entries, b->position, b_key);
	int order = memcmp(a_key, b_key, a_length < b_length ? a_length : b_length);

	if (order != 0)
		return order;
	if (a_length != b_length)
		return a_length < b_length ? -1 : 1;
	return a->position < b->position ? -1 : 1;
}

static void load_chunks(
	const struct entries *entries, struct name_item *items, size_t count, size_t offset)
{
	for (size_t i = 0; i < count; i++) {
		char key[LIMIT_NAME_KEY];
		if (i + ENTRY_AHEAD < count)
			entries_fetch(entries, items[i + ENTRY_AHEAD].position);
		if (i + NAME_AHEAD < count)
			entries_fetch_name(entries, items[i + NAME_AHEAD].position);
		size_t length = entries_key(entries, items[i].position, key);
		items[i] = item_from(items[i].position, key, length, offset);
	}
}

/* Their keys are the same before `offset`; from there on they begin with the chunk that is number
 * `which`. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the longest key has chunks, 96 */
static void sort_from(const struct entries *entries, struct name_item *items, size_t count,
	size_t offset, unsigned which)
{
	size_t end;

	sort_chunks(items, count, (struct digit){.which = which, .shift = 56});
	for (size_t start = 0; start < count; start = end) {
		struct name_item *same = items + start;
		for (end = start + 1;
			end < count && items[end].chunks[which] == same->chunks[which];)
			end++;
		if (end - start == 1)
			continue;
		if ((same->chunks[which] & 0xff) == 0) {
			/* At least one ends here. */
			qsort_r(same, end - start, sizeof(*same), compare_whole, (void *)entries);
			continue;
		}
		if (which == 1)
			load_chunks(entries, same, end - start, offset + CHUNK);
		sort_from(entries, same, end - start, offset + CHUNK, 1 - which);
	}
}

void name_sort(const struct entries *entries, struct name_item *items, size_t count)
{
	sort_from(entries, items, count, 0, 0);
}
