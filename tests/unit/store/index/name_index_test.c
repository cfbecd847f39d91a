/* The order of names: whatever comes in, and however, it is that of a sorted array. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "store/index/name_index.h"
#include "store/names/name_key.h"

#define MANY 20000

struct roster {
	struct user_table *table;
	struct name_index *order;
	uint32_t random;
	uint32_t *sorted; /* positions, as qsort() has them */
	size_t count;
};

static const struct user_table *compared; /* for qsort() */

static int compare(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	char a_key[LIMIT_NAME_KEY], b_key[LIMIT_NAME_KEY];
	size_t a_length = user_table_key(compared, a, a_key);
	size_t b_length = user_table_key(compared, b, b_key);
	int order = memcmp(a_key, b_key, a_length < b_length ? a_length : b_length);

	if (order == 0 && a_length != b_length)
		order = a_length < b_length ? -1 : 1;
	return order != 0 ? order : (a > b) - (a < b);
}

static uint32_t next_random(struct roster *roster, uint32_t below)
{
	roster->random ^= roster->random << 13;
	roster->random ^= roster->random >> 17;
	roster->random ^= roster->random << 5;
	return roster->random % below;
}

static void open_roster(struct roster *roster)
{
	*roster = (struct roster){.table = user_table_open(), .random = 2463534242};
	roster->order = name_index_open(roster->table);
}

static void close_roster(struct roster *roster)
{
	name_index_close(roster->order);
	user_table_close(roster->table);
	free(roster->sorted);
}

static void put(struct roster *roster, const char *name, size_t length)
{
	struct user user = {.number = roster->count + 1, .name = name, .name_length = length};
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	assert_int_equal(name_key_fold(name, length, key, &key_length), RESULT_OK);
	user_table_add(roster->table, &user, key, key_length);
	roster->count++;
}

static void add_last(struct roster *roster)
{
	char key[LIMIT_NAME_KEY];
	size_t length = user_table_key(roster->table, roster->count - 1, key);

	name_index_add(roster->order, roster->count - 1, key, length);
}

static void add(struct roster *roster, const char *name, size_t length)
{
	put(roster, name, length);
	add_last(roster);
}

static void sort(struct roster *roster)
{
	free(roster->sorted);
	roster->sorted = calloc(roster->count + 1, sizeof(*roster->sorted));
	assert_non_null(roster->sorted);
	for (size_t i = 0; i < roster->count; i++)
		roster->sorted[i] = (uint32_t)i;
	compared = roster->table;
	qsort(roster->sorted, roster->count, sizeof(*roster->sorted), compare);
}

/* The whole order, there and back. */
static void expect_sorted(struct roster *roster)
{
	struct name_place place = name_index_seek(roster->order, "", 0);
	size_t position;

	sort(roster);
	assert_false(name_index_previous(&place, &position));
	for (size_t i = 0; i < roster->count; i++) {
		assert_true(name_index_next(&place, &position));
		assert_int_equal(position, roster->sorted[i]);
	}
	assert_false(name_index_next(&place, &position));
	for (size_t i = roster->count; i > 0; i--) {
		assert_true(name_index_previous(&place, &position));
		assert_int_equal(position, roster->sorted[i - 1]);
	}
	assert_false(name_index_previous(&place, &position));
}

/* Each entry is found where it stands. Needs expect_sorted() before it. */
static void expect_entries(const struct roster *roster)
{
	size_t position;

	for (size_t i = 0; i < roster->count; i++) {
		struct name_place place =
			name_index_seek_position(roster->order, roster->sorted[i]);
		assert_true(name_index_next(&place, &position));
		assert_int_equal(position, roster->sorted[i]);
	}
}

static bool begins_with(const char *key, size_t length, const char *prefix, size_t prefix_length)
{
	return length >= prefix_length && memcmp(key, prefix, prefix_length) == 0;
}

/* The entry of a sorted array at `rank` is the next one at the place. */
static void expect_at(const struct roster *roster, struct name_place place, size_t rank)
{
	struct name_place back = place;
	size_t position;

	assert_int_equal(name_index_next(&place, &position), rank < roster->count);
	if (rank < roster->count)
		assert_int_equal(position, roster->sorted[rank]);
	assert_int_equal(name_index_previous(&back, &position), rank > 0);
	if (rank > 0)
		assert_int_equal(position, roster->sorted[rank - 1]);
}

/* Where the keys with this beginning start and end. */
static void expect_prefix(const struct roster *roster, const char *prefix, size_t length)
{
	char key[LIMIT_NAME_KEY];
	size_t first = 0, past;

	for (; first < roster->count; first++) {
		size_t key_length = user_table_key(roster->table, roster->sorted[first], key);
		size_t shorter = key_length < length ? key_length : length;
		int order = memcmp(key, prefix, shorter);
		if (order > 0 || (order == 0 && key_length >= length))
			break;
	}
	for (past = first; past < roster->count; past++) {
		size_t key_length = user_table_key(roster->table, roster->sorted[past], key);
		if (!begins_with(key, key_length, prefix, length))
			break;
	}
	expect_at(roster, name_index_seek(roster->order, prefix, length), first);
	expect_at(roster, name_index_seek_past(roster->order, prefix, length), past);
}

/* All beginnings of some keys, and what is beside them. */
static void expect_prefixes(struct roster *roster, size_t keys)
{
	char key[LIMIT_NAME_KEY];

	expect_prefix(roster, "", 0);
	expect_prefix(roster, "\xff", 1);
	for (size_t i = 0; i < keys; i++) {
		size_t position = next_random(roster, (uint32_t)roster->count);
		size_t length = user_table_key(roster->table, position, key);
		for (size_t j = 1; j <= length; j++) {
			expect_prefix(roster, key, j);
			key[j - 1]++;
			expect_prefix(roster, key, j);
			key[j - 1]--;
		}
	}
}

static void add_number(struct roster *roster, uint32_t number)
{
	char name[LIMIT_NAME];

	add(roster, name,
		(size_t)snprintf(name, sizeof(name), "%s %u",
			number % 3 == 0 ? "Maximilian.Mustermann" : "eva", number));
}

/* Few letters of many kinds: many names begin alike, and their keys compose, expand and vanish. */
static size_t random_name(struct roster *roster, char name[static LIMIT_NAME])
{
	static const utf8proc_int32_t points[] = {'a', 'A', 'b', 'e', ' ', 0xdf, 0xe9, 0x301, 0xad,
		0x3a9, 0x2126, 0x1e9e, 0xff21, 0xfb03, 0x1100, 0x1161, 0xac00, 0x10428, 0x5c71};
	size_t count = 1 + next_random(roster, 12), length = 0;

	for (size_t i = 0; i < count; i++) {
		utf8proc_int32_t point =
			points[next_random(roster, sizeof(points) / sizeof(*points))];
		length += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)name + length);
	}
	return length;
}

TEST(empty)
{
	struct roster roster;

	open_roster(&roster);
	expect_sorted(&roster);
	expect_prefix(&roster, "a", 1);
	name_index_load(roster.order);
	expect_sorted(&roster);
	add_number(&roster, 1);
	expect_sorted(&roster);
	close_roster(&roster);
	name_index_close(NULL);
}

TEST(added_in_order)
{
	struct roster roster;

	open_roster(&roster);
	for (uint32_t i = 0; i < MANY; i++)
		add_number(&roster, 1000000 + i);
	expect_sorted(&roster);
	expect_entries(&roster);
	close_roster(&roster);
}

TEST(added_in_reverse)
{
	struct roster roster;

	open_roster(&roster);
	for (uint32_t i = 0; i < MANY; i++)
		add_number(&roster, 1000000 - i);
	expect_sorted(&roster);
	expect_entries(&roster);
	close_roster(&roster);
}

TEST(added_at_random)
{
	struct roster roster;

	open_roster(&roster);
	for (uint32_t i = 1; i <= MANY; i++) {
		add_number(&roster, next_random(&roster, 4 * MANY));
		if (i < 2000 ? i % 100 == 0 : i % 4000 == 0)
			expect_sorted(&roster);
	}
	expect_entries(&roster);
	expect_prefixes(&roster, 5);
	close_roster(&roster);
}

/* Keys are as they are folded, not as names are written; more of them than not are the same. */
TEST(any_script)
{
	struct roster roster;
	char name[LIMIT_NAME];

	open_roster(&roster);
	for (uint32_t i = 1; i <= 3000; i++) {
		size_t length = random_name(&roster, name);
		add(&roster, name, length);
	}
	expect_sorted(&roster);
	expect_entries(&roster);
	expect_prefixes(&roster, 20);
	name_index_load(roster.order);
	expect_sorted(&roster);
	expect_entries(&roster);
	expect_prefixes(&roster, 20);
	close_roster(&roster);
}

/* Loaded, then more of them than fit without a split; of every number about the sizes of nodes. */
TEST(loaded)
{
	static const size_t counts[] = {
		1, 2, 24, 25, 124, 125, 126, 128, 129, 250, 251, 999, 1000, 7499, 7500, 7501, MANY};

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct roster roster;
		char name[LIMIT_NAME];
		open_roster(&roster);
		while (roster.count < counts[i])
			put(&roster, name,
				(size_t)snprintf(name, sizeof(name), "Maximilian.Mustermann.%u",
					next_random(&roster, 3 * MANY)));
		name_index_load(roster.order);
		expect_sorted(&roster);
		expect_entries(&roster);
		for (uint32_t j = 0; j < 1000; j++)
			add_number(&roster, next_random(&roster, 3 * MANY));
		expect_sorted(&roster);
		name_index_load(roster.order); /* once more */
		expect_sorted(&roster);
		close_roster(&roster);
	}
}

/* Of names whose keys are the same, the older one comes first. */
TEST(same_keys)
{
	static const char *const names[] = {
		"strasse", "Stra\u00dfe", "STRASSE", "strass", "strassen"};
	struct roster roster;

	open_roster(&roster);
	for (size_t i = 0; i < 1000; i++)
		add(&roster, names[i % 5], strlen(names[i % 5]));
	expect_sorted(&roster);
	expect_entries(&roster);
	expect_prefix(&roster, "strasse", 7);
	name_index_load(roster.order);
	expect_sorted(&roster);
	expect_entries(&roster);
	expect_prefix(&roster, "strasse", 7);
	close_roster(&roster);
}

/* Names that differ only behind many chunks, at their very end, or by a zero byte there. */
TEST(long_names)
{
	struct roster roster;
	char name[LIMIT_NAME];

	open_roster(&roster);
	memset(name, 'x', sizeof(name));
	for (size_t i = 0; i < 3000; i++) {
		size_t length = 1 + next_random(&roster, 64);
		name[length - 1] = (char)next_random(&roster, 3);
		put(&roster, name, length);
		name[length - 1] = 'x';
	}
	name_index_load(roster.order);
	expect_sorted(&roster);
	for (size_t i = 0; i < 3000; i++)
		add(&roster, name, 1 + next_random(&roster, 64));
	expect_sorted(&roster);
	close_roster(&roster);
}
