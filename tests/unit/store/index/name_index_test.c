/* The order of words of names: whatever comes in, and however, it is that of a sorted array. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "store/index/name_index.h"
#include "store/names/name_key.h"

#define MANY 8000

struct roster {
	struct user_table *table;
	enum name_form form;
	struct name_index *order;
	uint32_t random;
	struct name_entry *sorted; /* as qsort() has them */
	size_t entries;
	size_t count; /* of users */
};

static const struct roster *compared; /* for qsort() */

/* The text of an entry, as an order has it. */
static size_t text_of(const struct roster *roster, const struct name_entry *entry,
	char text[static LIMIT_NAME_BASE])
{
	size_t length;
	const char *kept =
		user_table_kept_form(roster->table, entry->position, roster->form, &length);
	size_t offset = name_entry_offset(entry);

	name_key_order(kept + offset, length - offset, text);
	return length - offset;
}

/* Of entries with the same text: with less before it, without accents, older. */
static int compare_ranks(const struct name_entry *a, const struct name_entry *b)
{
	bool a_has = user_table_has_base(compared->table, a->position);
	bool b_has = user_table_has_base(compared->table, b->position);

	if (name_entry_offset(a) != name_entry_offset(b))
		return name_entry_offset(a) < name_entry_offset(b) ? -1 : 1;
	if (a_has != b_has)
		return a_has ? 1 : -1;
	return (a->position > b->position) - (a->position < b->position);
}

static int compare(const void *left, const void *right)
{
	const struct name_entry *a = left, *b = right;
	char a_text[LIMIT_NAME_BASE], b_text[LIMIT_NAME_BASE];
	size_t a_length = text_of(compared, a, a_text), b_length = text_of(compared, b, b_text);
	int order = memcmp(a_text, b_text, a_length < b_length ? a_length : b_length);

	if (order == 0 && a_length != b_length)
		order = a_length < b_length ? -1 : 1;
	return order != 0 ? order : compare_ranks(a, b);
}

static uint32_t next_random(struct roster *roster, uint32_t below)
{
	roster->random ^= roster->random << 13;
	roster->random ^= roster->random >> 17;
	roster->random ^= roster->random << 5;
	return roster->random % below;
}

static void open_form(struct roster *roster, enum name_form form)
{
	*roster = (struct roster){.table = user_table_open(), .form = form, .random = 2463534242};
	roster->order = name_index_open(roster->table, form);
}

static void open_roster(struct roster *roster)
{
	open_form(roster, NAME_BASE);
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

static void add(struct roster *roster, const char *name, size_t length)
{
	put(roster, name, length);
	name_index_add(roster->order, roster->count - 1);
}

static void sort(struct roster *roster)
{
	char text[LIMIT_NAME_BASE];
	size_t length;

	free(roster->sorted);
	roster->sorted = calloc(roster->count * NAME_WORDS_MOST + 1, sizeof(*roster->sorted));
	assert_non_null(roster->sorted);
	roster->entries = 0;
	for (size_t i = 0; i < roster->count; i++)
		roster->entries += name_entries(roster->table, i, roster->form, text, &length,
			roster->sorted + roster->entries);
	compared = roster;
	qsort(roster->sorted, roster->entries, sizeof(*roster->sorted), compare);
}

static void expect_entry(const struct name_entry *entry, const struct name_entry *expected)
{
	assert_int_equal(entry->position, expected->position);
	assert_int_equal(entry->word, expected->word);
}

/* The whole order, there and back. */
static void expect_sorted(struct roster *roster)
{
	struct name_place place = name_index_seek(roster->order, "", 0);
	struct name_entry entry;

	sort(roster);
	assert_false(name_place_previous(&place, &entry));
	for (size_t i = 0; i < roster->entries; i++) {
		assert_true(name_place_next(&place, &entry));
		expect_entry(&entry, &roster->sorted[i]);
	}
	assert_false(name_place_next(&place, &entry));
	for (size_t i = roster->entries; i > 0; i--) {
		assert_true(name_place_previous(&place, &entry));
		expect_entry(&entry, &roster->sorted[i - 1]);
	}
	assert_false(name_place_previous(&place, &entry));
}

/* Each entry is found where it stands, at the place that a walk comes to from either side. Needs
 * expect_sorted() before it. */
static void expect_entries(const struct roster *roster)
{
	struct name_place there = name_index_seek(roster->order, "", 0), back;
	struct name_entry entry;

	for (size_t i = 0; i < roster->entries; i++) {
		struct name_place place = name_index_seek_entry(roster->order, &roster->sorted[i]);
		assert_true(name_place_is(&place, &there));
		assert_true(name_place_next(&place, &entry));
		expect_entry(&entry, &roster->sorted[i]);
		back = place;
		assert_true(name_place_previous(&back, &entry));
		assert_true(name_place_is(&back, &there));
		there = place;
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
	struct name_entry entry;

	assert_int_equal(name_place_next(&place, &entry), rank < roster->entries);
	if (rank < roster->entries)
		expect_entry(&entry, &roster->sorted[rank]);
	assert_int_equal(name_place_previous(&back, &entry), rank > 0);
	if (rank > 0)
		expect_entry(&entry, &roster->sorted[rank - 1]);
}

/* Where the words with this beginning start and end. */
static void expect_prefix(const struct roster *roster, const char *prefix, size_t length)
{
	char text[LIMIT_NAME_BASE];
	size_t first = 0, past;

	for (; first < roster->entries; first++) {
		size_t text_length = text_of(roster, &roster->sorted[first], text);
		size_t shorter = text_length < length ? text_length : length;
		int order = memcmp(text, prefix, shorter);
		if (order > 0 || (order == 0 && text_length >= length))
			break;
	}
	for (past = first; past < roster->entries; past++) {
		size_t text_length = text_of(roster, &roster->sorted[past], text);
		if (!begins_with(text, text_length, prefix, length))
			break;
	}
	expect_at(roster, name_index_seek(roster->order, prefix, length), first);
	expect_at(roster, name_index_seek_past(roster->order, prefix, length), past);
}

/* All beginnings of some words, and what is beside them. */
static void expect_prefixes(struct roster *roster, size_t words)
{
	char text[LIMIT_NAME_BASE];

	expect_prefix(roster, "", 0);
	expect_prefix(roster, "\xff", 1);
	for (size_t i = 0; i < words; i++) {
		size_t rank = next_random(roster, (uint32_t)roster->entries);
		size_t length = text_of(roster, &roster->sorted[rank], text);
		for (size_t j = 1; j <= length; j++) {
			expect_prefix(roster, text, j);
			text[j - 1]++;
			expect_prefix(roster, text, j);
			text[j - 1]--;
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

/* Texts are as they are folded, not as names are written; more of them than not are the same. */
static void expect_any_script(enum name_form form)
{
	struct roster roster;
	char name[LIMIT_NAME];

	open_form(&roster, form);
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

TEST(any_script)
{
	expect_any_script(NAME_BASE);
}

TEST(any_script_with_accents)
{
	expect_any_script(NAME_KEY);
}

/* In the order of keys are those words alone that have an accent, or one behind them. */
TEST(words_with_accents)
{
	static const char *const names[] = {"Anna Lee", "\u00c9mile Zola", "Maria Jos\u00e9 Lee",
		"\ud55c\uad6d", "Bj\u00f8rn", "Lee \u00d6z\u00e9"};
	static const struct {
		uint32_t position;
		size_t offset;
	} expected[] = {{4, 0}, {2, 6}, {5, 0}, {2, 0}, {1, 0}, {5, 4}};
	struct roster roster;
	struct name_entry entry;

	open_form(&roster, NAME_KEY);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add(&roster, names[i], strlen(names[i]));
	for (size_t round = 0; round < 2; round++) {
		struct name_place place = name_index_seek(roster.order, "", 0);
		for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
			assert_true(name_place_next(&place, &entry));
			assert_int_equal(entry.position, expected[i].position);
			assert_int_equal(name_entry_offset(&entry), expected[i].offset);
		}
		assert_false(name_place_next(&place, &entry));
		name_index_load(roster.order);
	}
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

/* Of names whose texts are the same, whole ones come first, then those without accents, then older
 * ones; also of more than are sorted by comparing them. */
TEST(same_keys)
{
	static const char *const names[] = {"strasse", "Stra\u00dfe", "STRASSE", "strass",
		"strassen", "Str\u00e0sse", "Die Strasse"};
	struct roster roster;

	open_roster(&roster);
	for (size_t i = 0; i < 1000; i++)
		add(&roster, names[i % 7], strlen(names[i % 7]));
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
