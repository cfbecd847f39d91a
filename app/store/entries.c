#include "store/entries.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/name_key.h"

#define BLOCK           (8 * HEAP_LARGE_PAGE)
#define ENTRIES_PER_RUN (BLOCK / sizeof(struct entry))
#define NAMES_PER_BLOCK (BLOCK - sizeof(struct block))

struct entry {
	const char *name;
	uint64_t number;
	uint64_t created : 48;
	uint64_t length : 14; /* 0: removed */
	uint64_t has_key : 1; /* a struct key of its own stands behind the name */
	uint64_t is_marked : 1;
};

/* Anywhere in memory. */
struct key {
	uint16_t length;
	char bytes[];
};

struct block {
	struct block *next;
	char bytes[];
};

struct entries {
	struct entry **runs; /* each of ENTRIES_PER_RUN entries */
	size_t run_count;
	size_t count; /* removed ones among them */
	size_t removed;
	struct block *blocks; /* the names, newest block first */
	size_t block_left;
};

struct entries *entries_open(void)
{
	return memory_zeroed(sizeof(struct entries));
}

void entries_close(struct entries *entries)
{
	if (entries == NULL)
		return;
	for (size_t i = 0; i < entries->run_count; i++)
		free(entries->runs[i]);
	free(entries->runs);
	while (entries->blocks != NULL) {
		struct block *next = entries->blocks->next;
		free(entries->blocks);
		entries->blocks = next;
	}
	free(entries);
}

size_t entries_count(const struct entries *entries)
{
	return entries->count;
}

size_t entries_removed(const struct entries *entries)
{
	return entries->removed;
}

static struct entry *entry_at(const struct entries *entries, size_t position)
{
	return &entries->runs[position / ENTRIES_PER_RUN][position % ENTRIES_PER_RUN];
}

struct user entries_at(const struct entries *entries, size_t position)
{
	const struct entry *entry = entry_at(entries, position);

	return (struct user){.number = entry->number,
		.created = (int64_t)entry->created,
		.name = entry->name,
		.name_length = entry->length};
}

const char *entries_kept_key(const struct entries *entries, size_t position, size_t *length)
{
	const struct entry *entry = entry_at(entries, position);
	const char *end = entry->name + entry->length;
	struct key key;

	*length = entry->length;
	if (!entry->has_key)
		return entry->name;
	memcpy(&key, end, sizeof(key));
	*length = key.length;
	return end + sizeof(key);
}

size_t entries_key(const struct entries *entries, size_t position, char key[static LIMIT_NAME_KEY])
{
	size_t length;
	const char *kept = entries_kept_key(entries, position, &length);

	name_key_lower(kept, length, key);
	return length;
}

void entries_fetch(const struct entries *entries, size_t position)
{
	__builtin_prefetch(entry_at(entries, position));
}

void entries_fetch_name(const struct entries *entries, size_t position)
{
	__builtin_prefetch(entry_at(entries, position)->name);
}

/* Many users are faster in large pages; few would only waste the first of them. */
static void *open_block(bool is_first)
{
	return is_first ? memory_resized(NULL, 1, BLOCK) : memory_large(BLOCK);
}

/* Room for so many bytes, which are in one piece. */
static char *take_room(struct entries *entries, size_t length)
{
	if (length > entries->block_left) {
		struct block *block = open_block(entries->blocks == NULL);
		block->next = entries->blocks;
		entries->blocks = block;
		entries->block_left = NAMES_PER_BLOCK;
	}
	char *room = entries->blocks->bytes + NAMES_PER_BLOCK - entries->block_left;
	entries->block_left -= length;
	return room;
}

/* `key` is NULL if there is none to be kept. */
static const char *copy_name(
	struct entries *entries, const struct user *user, const char *key, size_t key_length)
{
	const struct key head = {.length = (uint16_t)key_length};
	size_t length = user->name_length;
	char *name = take_room(entries, length + (key != NULL ? sizeof(head) + key_length : 0));

	memcpy(name, user->name, length);
	if (key != NULL) {
		memcpy(name + length, &head, sizeof(head));
		memcpy(name + length + sizeof(head), key, key_length);
	}
	return name;
}

void entries_add(
	struct entries *entries, const struct user *user, const char *key, size_t key_length)
{
	size_t position = entries->count;
	bool has_key = !name_key_is_lowered(key, key_length, user->name, user->name_length);

	if (position / ENTRIES_PER_RUN == entries->run_count) {
		/* The array of runs is small: a pointer for 700,000 users. */
		entries->runs = memory_resized(
			entries->runs, entries->run_count + 1, sizeof(struct entry *));
		entries->runs[entries->run_count] = open_block(entries->run_count == 0);
		entries->run_count++;
	}
	*entry_at(entries, position) =
		(struct entry){.name = copy_name(entries, user, has_key ? key : NULL, key_length),
			.number = user->number,
			.created = (uint64_t)user->created & ((UINT64_C(1) << 48) - 1),
			.length = user->name_length & (INT16_MAX >> 1),
			.has_key = has_key};
	entries->count++;
}

size_t entries_seek(const struct entries *entries, uint64_t number)
{
	size_t low = 0, high = entries->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (entry_at(entries, middle)->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool entries_find(const struct entries *entries, uint64_t number, size_t *position)
{
	*position = entries_seek(entries, number);
	if (*position == entries->count)
		return false;
	const struct entry *entry = entry_at(entries, *position);
	return entry->number == number && entry->length > 0;
}

void entries_remove(struct entries *entries, size_t position)
{
	struct entry *entry = entry_at(entries, position);

	entry->length = 0;
	entry->has_key = false;
	entries->removed++;
}

void entries_close_gaps(struct entries *entries)
{
	size_t kept = 0;

	if (entries->removed == 0)
		return;
	for (size_t i = 0; i < entries->count; i++) {
		struct entry entry = *entry_at(entries, i);
		if (entry.length > 0)
			*entry_at(entries, kept++) = entry;
	}
	entries->count = kept;
	entries->removed = 0;
}

void entries_mark(struct entries *entries, size_t position)
{
	entry_at(entries, position)->is_marked = true;
}

bool entries_is_marked(const struct entries *entries, size_t position)
{
	return entry_at(entries, position)->is_marked;
}
