/* Searches by the beginning of a name, against a look at every user. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/index/name_search.h"
#include "store/names/name_key.h"

#define MOST 400

static void add(struct user_index *directory, uint64_t number, const char *name)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;
	const struct user user = {.number = number, .name = name, .name_length = strlen(name)};

	assert_int_equal(name_key_fold(name, user.name_length, key, &key_length), RESULT_OK);
	user_index_add(directory, &user, key, key_length);
}

static enum username_problem begin(struct search *search, const char *typed)
{
	*search = (struct search){0};
	return username_parse_beginning(typed, strlen(typed), &search->beginning);
}

static void expect_page(
	const struct store_page *page, const struct user *users, const char *numbers)
{
	char found[MOST * 8] = "";
	size_t length = 0;

	for (size_t i = 0; i < page->count; i++)
		length += (size_t)snprintf(found + length, sizeof(found) - length, "%s%llu",
			i > 0 ? " " : "", (unsigned long long)users[i].number);
	assert_string_equal(found, numbers);
}

/* The numbers of all users found. */
static void expect_found(const struct user_index *directory, const char *typed, const char *numbers)
{
	struct user users[MOST];
	struct search search;

	assert_int_equal(begin(&search, typed), USERNAME_FINE);
	struct store_page page = name_search(directory, &search, users, MOST);
	expect_page(&page, users, numbers);
	assert_false(page.has_previous);
	assert_false(page.has_next);
}

static struct user_index *some_users(void)
{
	static const char *const names[] = {"alice", "Ann Lee", "anna", "ANN", "Stra\u00dfe",
		"ann.b", "bob", "Zo\u00eb", "\uff21lice 2", "strasser", "Ann  x", "\u5c71\u7530"};
	struct user_index *directory = user_index_open();

	user_index_keep_order(directory);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add(directory, i + 1, names[i]);
	return directory;
}

TEST(beginnings)
{
	struct user_index *directory = some_users();

	expect_found(directory, "al", "1 9");
	expect_found(directory, "AL", "1 9");
	expect_found(directory, "\uff41\uff2c", "1 9");
	expect_found(directory, " \u3000 al", "1 9");
	expect_found(directory, "alice", "1 9");
	expect_found(directory, "alice 2", "9");
	expect_found(directory, "alice 23", "");
	expect_found(directory, "ann", "4 11 2 6 3");
	expect_found(directory, "stra\u00df", "5 10");
	expect_found(directory, "strass", "5 10");
	expect_found(directory, "stras", "5 10");
	expect_found(directory, "STRA\u1e9eE", "5 10");
	expect_found(directory, "zoe\u0308", "8");
	expect_found(directory, "zo\u00cb", "8");
	expect_found(directory, "zoe", "");
	expect_found(directory, "\u5c71", "12");
	expect_found(directory, "z", "8");
	expect_found(directory, "b\u00adob", "7");
	expect_found(directory, "!", "");
	expect_found(directory, "\U0010fffd", "");
	user_index_close(directory);
}

/* A space says that the word is whole. */
TEST(space_at_the_end)
{
	struct user_index *directory = some_users();

	expect_found(directory, "ann ", "4 11 2");
	expect_found(directory, "ann \t\u3000", "4 11 2");
	expect_found(directory, "al ", "");
	expect_found(directory, "bob ", "7");
	expect_found(directory, "ann lee ", "2");
	user_index_close(directory);
}

TEST(what_no_name_begins_with)
{
	struct search search;
	char typed[4096];

	assert_int_equal(begin(&search, ""), USERNAME_EMPTY);
	assert_int_equal(begin(&search, " \t\u3000"), USERNAME_EMPTY);
	assert_int_equal(begin(&search, "\u00ad"), USERNAME_CHARACTER);
	assert_int_equal(begin(&search, "a\xff"), USERNAME_CHARACTER);
	memset(typed, 'a', sizeof(typed));
	typed[64] = '\0';
	assert_int_equal(begin(&search, typed), USERNAME_FINE);
	typed[64] = 'a';
	typed[65] = '\0';
	assert_int_equal(begin(&search, typed), USERNAME_TOO_LONG);
	typed[65] = 'a';
	typed[sizeof(typed) - 1] = '\0';
	assert_int_equal(begin(&search, typed), USERNAME_TOO_LONG);
}

/* 64 of the longest characters, and of those that become longest. */
TEST(longest)
{
	static const char *const characters[] = {"\U00010428", "\ufdfa", "\u0390", "\ufb03"};
	struct search search;

	for (size_t i = 0; i < sizeof(characters) / sizeof(*characters); i++) {
		char typed[LIMIT_NAME + 2] = "";
		for (size_t j = 0; j < 64; j++)
			strcat(typed, characters[i]);
		strcat(typed, " ");
		enum username_problem problem = begin(&search, typed);
		assert_true(problem == USERNAME_FINE || problem == USERNAME_TOO_LONG);
		if (problem == USERNAME_FINE)
			assert_true(search.beginning.key_length <= LIMIT_NAME_KEY);
	}
}

/* As name_search(), from `all`, which has every user found, in order. */
static struct store_page search_all(const struct user *all, size_t count,
	const struct search *search, size_t most, size_t *first)
{
	size_t start = 0, end;

	if (search->from != SEARCH_FIRST)
		while (start < count && all[start].number != search->number)
			start++;
	if (search->from == SEARCH_AFTER && start < count)
		start++;
	end = count - start > most ? start + most : count;
	if (search->from == SEARCH_BEFORE) {
		end = start;
		start = end > most ? end - most : 0;
	}
	*first = start;
	return (struct store_page){
		.count = end - start, .has_previous = start > 0, .has_next = end < count};
}

static void expect_same(const struct user_index *directory, const struct user *all, size_t count,
	const struct search *search, size_t most)
{
	struct user users[MOST];
	size_t first;
	struct store_page page = name_search(directory, search, users, most);
	struct store_page expected = search_all(all, count, search, most, &first);

	assert_int_equal(page.count, expected.count);
	assert_int_equal(page.has_previous, expected.has_previous);
	assert_int_equal(page.has_next, expected.has_next);
	for (size_t i = 0; i < page.count; i++)
		assert_int_equal(users[i].number, all[first + i].number);
}

static const char *random_name(char name[static 32], uint32_t *random)
{
	static const char *const parts[] = {"a", "b", "B", "\u00e9", "\u00df", "s", "\uff21", " "};
	size_t count = 2 + (*random >> 8) % 4;

	strcpy(name, "x");
	for (size_t i = 0; i < count; i++) {
		*random = *random * 1664525 + 1013904223;
		strcat(name, parts[*random >> 29]);
	}
	return name;
}

/* Every page of several sizes beside every user: many share a key. */
TEST(pages)
{
	static const char *const typed[] = {
		"x", "xa", "xb", "x\u00e9", "xss", "xs", "xa ", "xy", "X"};
	static const size_t sizes[] = {1, 2, 7, MOST};
	struct user_index *directory = user_index_open();
	struct user all[MOST];
	uint32_t random = 1;
	char name[32];

	user_index_keep_order(directory);
	for (uint64_t number = 1; number <= 300; number++)
		add(directory, 2 * number, random_name(name, &random));
	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		struct search search;
		assert_int_equal(begin(&search, typed[i]), USERNAME_FINE);
		size_t count = name_search(directory, &search, all, MOST).count;
		for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++) {
			search.from = SEARCH_FIRST;
			expect_same(directory, all, count, &search, sizes[j]);
			for (size_t k = 0; k < count; k++) {
				search.number = all[k].number;
				search.from = SEARCH_AFTER;
				expect_same(directory, all, count, &search, sizes[j]);
				search.from = SEARCH_BEFORE;
				expect_same(directory, all, count, &search, sizes[j]);
			}
		}
	}
	user_index_close(directory);
}

/* Beside a user who is not found, the page lies to that side of those who are. */
TEST(beside_others)
{
	struct user_index *directory = some_users();
	struct user users[MOST];
	struct search search;

	assert_int_equal(begin(&search, "ann"), USERNAME_FINE);
	static const struct {
		enum search_from from;
		uint64_t number;
		const char *numbers;
		bool has_previous, has_next;
	} cases[] = {
		{SEARCH_AFTER, 1, "4 11", false, true},
		{SEARCH_BEFORE, 1, "", false, true},
		{SEARCH_AFTER, 7, "", true, false},
		{SEARCH_BEFORE, 7, "6 3", true, false},
		{SEARCH_AFTER, 999, "4 11", false, true},
		{SEARCH_BEFORE, 999, "4 11", false, true},
		{SEARCH_BEFORE, 0, "4 11", false, true},
		{SEARCH_AFTER, 11, "2 6", true, true},
		{SEARCH_BEFORE, 6, "11 2", true, true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		search.from = cases[i].from;
		search.number = cases[i].number;
		struct store_page page = name_search(directory, &search, users, 2);
		expect_page(&page, users, cases[i].numbers);
		assert_int_equal(page.has_previous, cases[i].has_previous);
		assert_int_equal(page.has_next, cases[i].has_next);
	}
	user_index_close(directory);
}
