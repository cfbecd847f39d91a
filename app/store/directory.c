#include "directory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

#include "../heap.h"

#define SHARD_BITS      10
#define SHARDS          (1 << SHARD_BITS)
#define BLOCK           (8 * HEAP_LARGE_PAGE)
#define ENTRIES_PER_RUN (BLOCK / sizeof(struct entry))
#define NAMES_PER_BLOCK (BLOCK - sizeof(struct block))

struct entry {
	const char *name;
	uint64_t number;
	uint64_t created : 48;
	uint64_t length : 15;     /* 0: removed */
	uint64_t is_doubtful : 1; /* perhaps somebody before has the same key */
};

struct slot {
	uint32_t tag;      /* part of the hash of the key */
	uint32_t position; /* of the entry, plus one; 0: empty */
};

/* A hash table with linear probing. One of many, chosen by the hash, so that enlarging one takes
 * microseconds however many users there are. */
struct shard {
	struct slot *slots;
	uint32_t capacity; /* a power of two, or 0 */
	uint32_t used;
};

struct block {
	struct block *next;
	char bytes[];
};

struct directory {
	struct entry **runs; /* each of ENTRIES_PER_RUN entries, in order of their numbers */
	size_t run_count;
	size_t count;   /* entries, removed ones among them */
	size_t indexed; /* entries that the shards know of */
	size_t removed;
	struct block *blocks; /* the names, newest block first */
	size_t block_left;
	uint64_t seed;
	struct shard shards[SHARDS];
};

struct directory *directory_open(void)
{
	struct directory *directory = heap_zeroed(sizeof(*directory));

	/* Names come from strangers: with a seed that they do not know they cannot choose names
	 * that collide. Early in the boot of a machine there may be no random bytes yet; the clock
	 * is better than waiting. */
	if (getrandom(&directory->seed, sizeof(directory->seed), GRND_NONBLOCK) !=
		(ssize_t)sizeof(directory->seed))
		directory->seed = (uint64_t)time(NULL);
	return directory;
}

static void free_shards(struct directory *directory)
{
	for (size_t i = 0; i < SHARDS; i++)
		free(directory->shards[i].slots);
	memset(directory->shards, 0, sizeof(directory->shards));
}

void directory_close(struct directory *directory)
{
	if (directory == NULL)
		return;
	free_shards(directory);
	for (size_t i = 0; i < directory->run_count; i++)
		free(directory->runs[i]);
	free(directory->runs);
	while (directory->blocks != NULL) {
		struct block *next = directory->blocks->next;
		free(directory->blocks);
		directory->blocks = next;
	}
	free(directory);
}

size_t directory_count(const struct directory *directory)
{
	return directory->count - directory->removed;
}

static struct entry *entry_at(const struct directory *directory, size_t position)
{
	return &directory->runs[position / ENTRIES_PER_RUN][position % ENTRIES_PER_RUN];
}

static struct user user_of(const struct entry *entry)
{
	return (struct user){.number = entry->number,
		.created = (int64_t)entry->created,
		.name = entry->name,
		.name_length = entry->length};
}

/* Many users are faster in large pages; few would only waste the first of them. */
static void *open_block(bool is_first)
{
	return is_first ? heap_resized(NULL, 1, BLOCK) : heap_large(BLOCK);
}

static const char *copy_name(struct directory *directory, const char *name, size_t length)
{
	if (length > directory->block_left) {
		struct block *block = open_block(directory->blocks == NULL);
		block->next = directory->blocks;
		directory->blocks = block;
		directory->block_left = NAMES_PER_BLOCK;
	}
	char *copy = directory->blocks->bytes + NAMES_PER_BLOCK - directory->block_left;
	memcpy(copy, name, length);
	directory->block_left -= length;
	return copy;
}

static uint64_t hash_of(const struct directory *directory, const char *key, size_t length)
{
	return XXH3_64bits_withSeed(key, length, directory->seed);
}

static size_t shard_of(uint64_t hash)
{
	return hash >> (64 - SHARD_BITS);
}

/* Whether one with the same tag stands before it: perhaps that of a user with the same name. */
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

static bool is_full(const struct shard *shard)
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
 * starts behind a gap. */
static void enlarge(struct shard *shard)
{
	struct shard larger = {.capacity = larger_capacity(shard), .used = shard->used};
	uint32_t gap = 0;

	larger.slots = heap_zeroed(larger.capacity * sizeof(*larger.slots));
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

static void index_entry(struct directory *directory, size_t position, uint64_t hash)
{
	struct shard *shard = &directory->shards[shard_of(hash)];

	if (is_full(shard))
		enlarge(shard);
	put_slot(shard, slot_of(hash, position));
	shard->used++;
	directory->indexed++;
}

void directory_load(struct directory *directory, const struct user *user)
{
	size_t position = directory->count;

	if (position / ENTRIES_PER_RUN == directory->run_count) {
		/* The array of runs is small: a pointer for 700,000 users. */
		directory->runs = heap_resized(
			directory->runs, directory->run_count + 1, sizeof(struct entry *));
		directory->runs[directory->run_count] = open_block(directory->run_count == 0);
		directory->run_count++;
	}
	*entry_at(directory, position) =
		(struct entry){.name = copy_name(directory, user->name, user->name_length),
			.number = user->number,
			.created = (uint64_t)user->created & ((UINT64_C(1) << 48) - 1),
			.length = user->name_length & INT16_MAX};
	directory->count++;
}

void directory_add(
	struct directory *directory, const struct user *user, const char *key, size_t key_length)
{
	directory_load(directory, user);
	index_entry(directory, directory->count - 1, hash_of(directory, key, key_length));
}

/* The key is not kept: it follows from the name. Only a slot with the same tag has it worked out
 * again. */
static bool has_key(const struct entry *entry, const char *key, size_t key_length)
{
	char folded[LIMIT_NAME_KEY];
	size_t length;

	return entry->length > 0 &&
	       username_fold(entry->name, entry->length, folded, &length) == STATUS_OK &&
	       length == key_length && memcmp(folded, key, length) == 0;
}

bool directory_find(
	const struct directory *directory, const char *key, size_t key_length, struct user *user)
{
	uint64_t hash = hash_of(directory, key, key_length);
	const struct shard *shard = &directory->shards[shard_of(hash)];

	if (shard->capacity == 0)
		return false;
	uint32_t tag = (uint32_t)hash;
	for (uint32_t at = tag & (shard->capacity - 1); shard->slots[at].position != 0;
		at = (at + 1) & (shard->capacity - 1)) {
		const struct slot *slot = &shard->slots[at];
		if (slot->tag != tag)
			continue;
		const struct entry *entry = entry_at(directory, slot->position - 1);
		if (has_key(entry, key, key_length)) {
			*user = user_of(entry);
			return true;
		}
	}
	return false;
}

size_t directory_position(const struct directory *directory, uint64_t number)
{
	size_t low = 0, high = directory->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (entry_at(directory, middle)->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct entry *find_number(const struct directory *directory, uint64_t number)
{
	size_t position = directory_position(directory, number);

	if (position == directory->count)
		return NULL;
	struct entry *entry = entry_at(directory, position);
	return entry->number == number && entry->length > 0 ? entry : NULL;
}

bool directory_user(const struct directory *directory, uint64_t number, struct user *user)
{
	const struct entry *entry = find_number(directory, number);

	if (entry == NULL)
		return false;
	*user = user_of(entry);
	return true;
}

bool directory_remove(struct directory *directory, uint64_t number)
{
	struct entry *entry = find_number(directory, number);

	if (entry == NULL)
		return false;
	entry->length = 0;
	directory->removed++;
	return true;
}

static void close_gaps(struct directory *directory)
{
	size_t kept = 0;

	if (directory->removed == 0)
		return;
	for (size_t i = 0; i < directory->count; i++) {
		struct entry entry = *entry_at(directory, i);
		if (entry.length > 0)
			*entry_at(directory, kept++) = entry;
	}
	directory->count = kept;
	directory->removed = 0;
}

static size_t fold_entry(const struct entry *entry, char key[static LIMIT_NAME_KEY])
{
	size_t length;

	/* Whoever added it has seen that it can be folded. */
	return username_fold(entry->name, entry->length, key, &length) == STATUS_OK ? length : 0;
}

/* Puts the slots of all users into their shards, one behind the other. */
static void deal_out(struct directory *directory)
{
	for (; directory->indexed < directory->count; directory->indexed++) {
		char key[LIMIT_NAME_KEY];
		size_t key_length = fold_entry(entry_at(directory, directory->indexed), key);
		uint64_t hash = hash_of(directory, key, key_length);
		struct shard *shard = &directory->shards[shard_of(hash)];
		if (is_full(shard)) {
			shard->capacity = larger_capacity(shard);
			shard->slots =
				heap_resized(shard->slots, shard->capacity, sizeof(*shard->slots));
		}
		shard->slots[shard->used++] = slot_of(hash, directory->indexed);
	}
}

/* Makes a hash table of what was dealt to a shard. */
static void arrange(struct directory *directory, struct shard *shard)
{
	if (shard->used == 0)
		return;
	struct slot *dealt = heap_resized(NULL, shard->used, sizeof(*dealt));
	memcpy(dealt, shard->slots, shard->used * sizeof(*dealt));
	memset(shard->slots, 0, shard->capacity * sizeof(*shard->slots));
	for (uint32_t i = 0; i < shard->used; i++) {
		if (put_slot(shard, dealt[i]))
			entry_at(directory, dealt[i].position - 1)->is_doubtful = true;
	}
	free(dealt);
}

/* Users one after the other have their slots all over the memory, and waiting for it would take
 * longer than all the rest. So slots are dealt out first, then arranged a shard at a time, which
 * fits into the processor's cache. */
static void index_all(struct directory *directory)
{
	free_shards(directory);
	directory->indexed = 0;
	deal_out(directory);
	for (size_t i = 0; i < SHARDS; i++)
		arrange(directory, &directory->shards[i]);
}

static void report_clashes(
	const struct directory *directory, directory_clash *clash, void *argument)
{
	for (size_t i = 0; i < directory->count; i++) {
		const struct entry *entry = entry_at(directory, i);
		char key[LIMIT_NAME_KEY];
		struct user holder;
		if (!entry->is_doubtful)
			continue;
		const struct user user = user_of(entry);
		size_t key_length = fold_entry(entry, key);
		if (directory_find(directory, key, key_length, &holder) &&
			holder.number != user.number)
			clash(argument, &user, &holder);
	}
}

void directory_settle(struct directory *directory, directory_clash *clash, void *argument)
{
	if (directory->removed == 0 && directory->indexed == directory->count)
		return;
	close_gaps(directory);
	index_all(directory);
	if (clash != NULL)
		report_clashes(directory, clash, argument);
}

struct user directory_at(const struct directory *directory, size_t position)
{
	return user_of(entry_at(directory, position));
}
