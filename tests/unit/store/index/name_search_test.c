/* Searches by the beginning of a word, against a look at every user. */
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
	assert_int_equal(page.found, page.count);
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

TEST(kana)
{
	struct user_index *directory = user_index_open();

	user_index_keep_order(directory);
	add(directory, 1, "\u304c\u304f");
	add(directory, 2, "\u304b\u304f");
	expect_found(directory, "\u304b", "2");
	expect_found(directory, "\u304c", "1");
	expect_found(directory, "\u304b\u3099", "1");
	user_index_close(directory);
}

/* Names with 29 words that share much: each user is found once, at whatever length. */
TEST(words_that_share_much)
{
	struct user_index *directory = user_index_open();
	struct user users[MOST];
	struct search search;

	user_index_keep_order(directory);
	for (uint64_t number = 1; number <= MOST; number++) {
		char name[80] = "";
		for (size_t i = 0; i < 28; i++)
			strcat(name, "b ");
		snprintf(name + 56, sizeof(name) - 56, "a%04u", (unsigned)number);
		add(directory, number, name);
	}
	for (size_t length = 1; length <= 56; length++) {
		char typed[80] = "";
		for (size_t i = 0; i < length; i++)
			typed[i] = i % 2 == 0 ? 'b' : ' ';
		assert_int_equal(begin(&search, typed), USERNAME_FINE);
		struct store_page page = name_search(directory, &search, users, MOST);
		assert_int_equal(page.found, MOST);
		assert_int_equal(page.count, MOST);
		assert_false(page.has_previous || page.has_next);
		for (size_t i = 0; i < MOST; i++)
			assert_int_equal(users[i].number, i + 1);
	}
	user_index_close(directory);
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
	expect_found(directory, "2", "9");
	expect_found(directory, "b", "6 7");
	expect_found(directory, "l", "2");
	expect_found(directory, "Lee", "2");
	expect_found(directory, "ee", "");
	expect_found(directory, ".b", "");
	expect_found(directory, "x", "11");
	expect_found(directory, "alice 23", "");
	expect_found(directory, "ann", "4 6 2 11 3");
	expect_found(directory, "stra\u00df", "5 10");
	expect_found(directory, "strass", "5 10");
	expect_found(directory, "stras", "5 10");
	expect_found(directory, "STRA\u1e9eE", "5 10");
	expect_found(directory, "zoe\u0308", "8");
	expect_found(directory, "zo\u00cb", "8");
	expect_found(directory, "zoe", "8");
	expect_found(directory, "z\u00f3e", "");
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

	expect_found(directory, "ann ", "4 6 2 11");
	expect_found(directory, "ann \t\u3000", "4 6 2 11");
	expect_found(directory, "al ", "");
	expect_found(directory, "bob ", "7");
	expect_found(directory, "ann lee ", "2");
	expect_found(directory, "lee ", "2");
	expect_found(directory, "b ", "6");
	user_index_close(directory);
}

static struct user_index *directory_of(const char *const *names)
{
	struct user_index *directory = user_index_open();

	user_index_keep_order(directory);
	for (size_t i = 0; names[i] != NULL; i++)
		add(directory, i + 1, names[i]);
	return directory;
}

TEST(every_word)
{
	static const char *const names[] = {"Jean-Luc Picard", "Lucy", "O'Brien", "Gal\u00b7la",
		"\u30b8\u30e7\u30f3\u30fb\u30b9\u30df\u30b9", "D\u2019Luca", "snake_luc", NULL};
	struct user_index *directory = directory_of(names);

	expect_found(directory, "Luc", "7 1 6 2");
	expect_found(directory, "luc pic", "1");
	expect_found(directory, "luc ", "7 1");
	expect_found(directory, "jean-l", "1");
	expect_found(directory, "brien", "3");
	expect_found(directory, "la", "4");
	expect_found(directory, "\u30b9", "5");
	expect_found(directory, "icard", "");
	user_index_close(directory);
}

/* Whatever stands between the words. */
TEST(words_in_order)
{
	static const char *const names[] = {"Jean-Luc Picard", "Jean Luc", "Jean Lambert",
		"J. R. R. Tolkien", "O'Brien", "Luc Jean", "Anne-Zo\u00eb Roth", "jean.lucky",
		NULL};
	struct user_index *directory = directory_of(names);

	expect_found(directory, "jean luc", "2 1 8");
	expect_found(directory, "jean-luc", "2 1 8");
	expect_found(directory, "Jean. Luc ", "2 1");
	expect_found(directory, "jean l", "3 2 1 8");
	expect_found(directory, "luc picard", "1");
	expect_found(directory, "j r", "4");
	expect_found(directory, "j. r. r. t", "4");
	expect_found(directory, "j r r tolkien", "4");
	expect_found(directory, "o brien", "5");
	expect_found(directory, "o\u2019brien", "5");
	expect_found(directory, "anne zoe", "7");
	expect_found(directory, "anne zo\u00eb", "7");
	expect_found(directory, "zo\u00eb roth", "7");
	user_index_close(directory);
}

/* Each word that has an accent must have it, others need not. */
TEST(words_with_accents)
{
	static const char *const names[] = {"J\u00fcrgen M\u00fcller", "Jurgen M\u00fcller",
		"J\u00fcrgen Muller", "Dr. J\u00fcrgen-M\u00fcller", "J\u00fcrgens M\u00fcller",
		"Jurgen Muller J\u00fcrgen Mull", NULL};
	struct user_index *directory = directory_of(names);

	expect_found(directory, "j\u00fcrgen muller", "1 3 4");
	expect_found(directory, "jurgen m\u00fcller", "1 2 4");
	expect_found(directory, "j\u00fcrgen m\u00fc", "1 4");
	expect_found(directory, "J\u00dcRGEN-MU", "6 1 3 4");
	expect_found(directory, "j\u00fcrgen mull ", "6");
	expect_found(directory, "j\u00fcrge muller", "");
	expect_found(directory, "jurgen muller", "1 2 3 4 6");
	expect_found(directory, "m\u00fcller j\u00fcrgen", "");
	user_index_close(directory);
}

/* They take long to look at, so a search gives up before all of them. */
TEST(long_names_without_the_accents)
{
	struct user_index *directory = user_index_open();
	struct user users[MOST];
	struct search search;

	user_index_keep_order(directory);
	for (uint64_t i = 0; i < 500; i++) {
		char name[LIMIT_NAME];
		snprintf(name, sizeof(name), "e e e e e e e e e e e e e e e e e e e e e %llu",
			(unsigned long long)i);
		add(directory, i + 1, name);
	}
	assert_int_equal(begin(&search, "e e e e e e e e e e e \u00e9"), USERNAME_FINE);
	struct store_page page = name_search(directory, &search, users, MOST);
	assert_int_equal(page.count, 0);
	assert_int_equal(page.found, LIMIT_FOUND + 1);
	user_index_close(directory);
}

/* An accent that was typed counts; one that was not does not. */
TEST(accents)
{
	static const char *const names[] = {"L\u00e9a", "Lea", "Rose \u00c9mile", "Bj\u00f8rn",
		"Nguy\u1ec5n", "\u0410\u043d\u0434\u0440\u0435\u0439",
		"\u05d3\u05b8\u05bc\u05d5\u05b4\u05d3", "\u304c\u304f", "\u0e2d\u0e49\u0e32\u0e22",
		NULL};
	struct user_index *directory = directory_of(names);

	expect_found(directory, "lea", "2 1");
	expect_found(directory, "l\u00e9", "1");
	expect_found(directory, "e", "3");
	expect_found(directory, "\u00e9", "3");
	expect_found(directory, "E\u0301MI", "3");
	expect_found(directory, "\u00e8", "");
	expect_found(directory, "bjorn", "4");
	expect_found(directory, "bj\u00f8", "4");
	expect_found(directory, "bj\u00f6", "");
	expect_found(directory, "nguyen", "5");
	expect_found(directory, "nguy\u1ec5", "5");
	expect_found(directory, "\u0430\u043d\u0434\u0440\u0435\u0438", "6");
	expect_found(directory, "\u05d3\u05d5\u05d3", "7");
	expect_found(directory, "\u304b\u304f", "");
	expect_found(directory, "\u304c", "8");
	expect_found(directory, "\u0e2d\u0e49", "9");
	expect_found(directory, "\u0e2d\u0e32", "");
	user_index_close(directory);
}

TEST(hangul)
{
	static const char *const names[] = {
		"\ud55c\uad6d", "\ud558\ub098", "\uae40 \ud55c\uc194", "\ud638", NULL};
	struct user_index *directory = directory_of(names);

	expect_found(directory, "\ud558", "2 1 3");
	expect_found(directory, "\ud55c", "1 3");
	expect_found(directory, "\u314e", "2 1 3 4");
	expect_found(directory, "\ud55c\uad6c", "1");
	expect_found(directory, "\ud55c\uae40", "");
	expect_found(directory, "\ud55c\uad6d", "1");
	user_index_close(directory);
}

/* A user with several words that begin so is there once, at the first of them in the order. */
TEST(twice_in_a_name)
{
	static const char *const names[] = {"Ann Anna", "Anna Ann", "Bo Ann Anton",
		"Maximilianus-Emanuel Maximilianus-Erich", "Anna-Anna",
		"Bartholomaeus-Alexander Bartholomaeus-Alexandra", NULL};
	struct user_index *directory = directory_of(names);

	expect_found(directory, "an", "2 1 3 5");
	expect_found(directory, "ann", "2 1 3 5");
	expect_found(directory, "anna", "1 5 2");
	expect_found(directory, "ann ", "2 1 3");
	expect_found(directory, "anna-", "2 5");
	expect_found(directory, "maximilianus", "4");
	expect_found(directory, "maximilianus-e", "4");
	expect_found(directory, "maximilianus-em", "4");
	expect_found(directory, "maximilianus-er", "4");
	expect_found(directory, "e", "4");
	/* Longer than an entry says what words share. */
	expect_found(directory, "bartholomaeus-alex", "6");
	expect_found(directory, "bartholomaeus-alexandr", "6");
	user_index_close(directory);
}

/* Up to a limit they are counted; on every page all of them. */
TEST(counts)
{
	struct user_index *directory = user_index_open();
	struct user users[2];
	struct search search;
	char name[32];

	user_index_keep_order(directory);
	assert_int_equal(begin(&search, "ann"), USERNAME_FINE);
	for (uint64_t number = 1; number <= LIMIT_FOUND + 2; number++) {
		snprintf(name, sizeof(name), "Ann Annika %u", (unsigned)number);
		add(directory, number, name);
		if (number < LIMIT_FOUND - 1)
			continue;
		size_t found = number < LIMIT_FOUND ? number : LIMIT_FOUND + (number > LIMIT_FOUND);
		search.from = SEARCH_FIRST;
		assert_int_equal(name_search(directory, &search, users, 2).found, found);
		search.from = SEARCH_AFTER;
		search.number = LIMIT_FOUND / 2;
		assert_int_equal(name_search(directory, &search, users, 2).found, found);
		assert_int_equal(begin(&search, "bob"), USERNAME_FINE);
		assert_int_equal(name_search(directory, &search, users, 2).found, 0);
		assert_int_equal(begin(&search, "ann"), USERNAME_FINE);
	}
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

/* A user, as a search that looks at every one of them needs it. */
struct person {
	uint64_t number;
	char forms[2][256]; /* by enum name_form */
	bool has_base;      /* one is not the other */
	const char *text;   /* the one that is searched */
	const char *word;   /* in that, the first of those found; NULL: none */
};

/* The base form, by the library and the classes of marks. */
static void write_base(const char *key, char *base)
{
	utf8proc_uint8_t *decomposed;
	utf8proc_int32_t point;

	utf8proc_map((const utf8proc_uint8_t *)key, 0, &decomposed,
		UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	for (const utf8proc_uint8_t *at = decomposed; *at != 0;) {
		at += utf8proc_iterate(at, -1, &point);
		utf8proc_propval_t class = utf8proc_get_property(point)->combining_class;
		point = point == 0xf8 ? 'o' : point;
		if (class < 200)
			base += utf8proc_encode_char(point, (utf8proc_uint8_t *)base);
	}
	*base = '\0';
	free(decomposed);
}

static bool is_word_at(const char *text, size_t at)
{
	return at == 0 || (text[at] != ' ' && text[at - 1] == ' ');
}

static bool word_begins_so(const char *word, const struct username_beginning *beginning)
{
	if (strncmp(word, beginning->key, beginning->word_length) != 0)
		return false;
	return beginning->key_length == beginning->word_length ||
	       word[beginning->word_length] == '\0' || word[beginning->word_length] == ' ';
}

/* A space for what stands between words. */
static void write_spaces(char *text)
{
	for (; *text != '\0'; text++)
		*text = strchr("-.'_", *text) != NULL ? ' ' : *text;
}

/* And one for several. */
static void fold_spaces(char *text)
{
	char *end = text;

	for (const char *at = text; *at != '\0'; at++)
		if (end == text || strchr(" -.'_", *at) == NULL || strchr(" -.'_", end[-1]) == NULL)
			*end++ = *at;
		else
			end[-1] = ' ';
	*end = '\0';
}

#define WORDS 16

/* The words of a text; the first may be empty. */
static size_t split(const char *text, char words[static WORDS][64])
{
	size_t count = 0;

	do {
		size_t length = strcspn(text, " ");
		snprintf(words[count++], 64, "%.*s", (int)length, text);
		text += length;
		text += strspn(text, " ");
	} while (*text != '\0');
	return count;
}

static bool is_same_beginning(const char *wanted, const char *word, bool is_whole)
{
	return is_whole ? strcmp(wanted, word) == 0 : strncmp(wanted, word, strlen(wanted)) == 0;
}

/* Whether the base form has lost more than the decomposition changes. */
static bool is_accented(const char *text)
{
	char base[LIMIT_NAME_KEY * 3];
	utf8proc_uint8_t *decomposed = utf8proc_NFD((const utf8proc_uint8_t *)text);

	write_base(text, base);
	bool is_other = strcmp(base, (const char *)decomposed) != 0;
	free(decomposed);
	return is_other;
}

/* Whether the name has the accents of a search for several words. */
static bool has_typed_accents(const struct person *person, const struct username_beginning *typed)
{
	char key[LIMIT_NAME_KEY + 1], wanted[WORDS][64], words[WORDS][64];
	size_t length;
	bool is_whole = typed->key_length > typed->word_length;

	assert_int_equal(
		name_key_fold(typed->text, typed->length - is_whole, key, &length), RESULT_OK);
	key[length] = '\0';
	write_spaces(key);
	size_t count = split(key, wanted), has = split(person->forms[NAME_KEY], words);
	bool is_found = false;
	for (size_t first = 0; first + count <= has; first++) {
		bool is_so = true;
		for (size_t i = 0; i < count; i++) {
			char base[64], own[64];
			write_base(wanted[i], base);
			write_base(words[first + i], own);
			bool must_be_whole = is_whole || i + 1 < count;
			is_so &= is_same_beginning(base, own, must_be_whole) &&
				 (!is_accented(wanted[i]) ||
					 is_same_beginning(
						 wanted[i], words[first + i], must_be_whole));
		}
		is_found |= is_so;
	}
	return count < 2 || !is_accented(key) || is_found;
}

static void find_word(struct person *person, const struct search *search)
{
	person->text = person->forms[search->beginning.is_accented ? NAME_KEY : NAME_BASE];
	person->word = NULL;
	for (const char *at = person->text; *at != '\0'; at++)
		if (is_word_at(person->text, (size_t)(at - person->text)) &&
			word_begins_so(at, &search->beginning) &&
			(person->word == NULL || strcmp(at, person->word) < 0))
			person->word = at;
	if (person->word != NULL && !has_typed_accents(person, &search->beginning))
		person->word = NULL;
}

static int compare_people(const void *left, const void *right)
{
	const struct person *a = *(const struct person *const *)left;
	const struct person *b = *(const struct person *const *)right;
	ptrdiff_t a_at = a->word - a->text, b_at = b->word - b->text;
	int order = strcmp(a->word, b->word);

	if (order != 0)
		return order;
	if (a_at != b_at)
		return a_at < b_at ? -1 : 1;
	if (a->has_base != b->has_base)
		return a->has_base ? 1 : -1;
	return a->number < b->number ? -1 : 1;
}

#define PEOPLE 300

struct crowd {
	struct user_index *directory;
	struct person people[PEOPLE];
	const struct person *found[PEOPLE]; /* in order */
	size_t count;                       /* of those found */
	uint32_t random;
};

static uint32_t roll(struct crowd *crowd, uint32_t below)
{
	crowd->random = crowd->random * 1664525 + 1013904223;
	return (crowd->random >> 8) % below;
}

static const char *random_text(struct crowd *crowd, char text[static 64], size_t most)
{
	static const char *const parts[] = {"a", "b", "B", "\u00e9", "e", "\u00df", "s", "\uff21",
		" ", "-", "'", "a", "\u00e8", "\u00f8", "o", "\ud55c", "\ud558", "\u0430",
		"\u0439"};
	size_t count = 1 + roll(crowd, (uint32_t)most);

	*text = '\0';
	for (size_t i = 0; i < count; i++)
		strcat(text, parts[roll(crowd, sizeof(parts) / sizeof(*parts))]);
	return text;
}

static void open_crowd(struct crowd *crowd)
{
	char name[64];
	size_t length;

	crowd->directory = user_index_open();
	user_index_keep_order(crowd->directory);
	for (size_t i = 0; i < PEOPLE; i++) {
		struct person *person = &crowd->people[i];
		char *key = person->forms[NAME_KEY];
		char folded[LIMIT_NAME_KEY];
		person->number = 2 * (i + 1);
		random_text(crowd, name, 9);
		add(crowd->directory, person->number, name);
		assert_int_equal(name_key_fold(name, strlen(name), folded, &length), RESULT_OK);
		memcpy(key, folded, length);
		key[length] = '\0';
		write_base(key, person->forms[NAME_BASE]);
		fold_spaces(person->forms[NAME_BASE]);
		person->has_base = strcmp(key, person->forms[NAME_BASE]) != 0;
		write_spaces(key);
		write_spaces(person->forms[NAME_BASE]);
	}
}

/* All that are found, in order. */
static void find_people(struct crowd *crowd, const struct search *search)
{
	crowd->count = 0;
	for (size_t i = 0; i < PEOPLE; i++) {
		find_word(&crowd->people[i], search);
		if (crowd->people[i].word != NULL)
			crowd->found[crowd->count++] = &crowd->people[i];
	}
	qsort(crowd->found, crowd->count, sizeof(*crowd->found), compare_people);
}

/* The page of those found from `start` to before `end`. */
static void expect_part(const struct crowd *crowd, const struct search *search, size_t most,
	size_t start, size_t end)
{
	struct user users[PEOPLE];
	struct store_page page = name_search(crowd->directory, search, users, most);

	assert_int_equal(page.count, end - start);
	assert_int_equal(page.has_previous, start > 0);
	assert_int_equal(page.has_next, end < crowd->count);
	assert_int_equal(page.found, crowd->count);
	for (size_t i = 0; i < page.count; i++)
		assert_int_equal(users[i].number, crowd->found[start + i]->number);
}

/* The first page, and those beside every user that is found. */
static void expect_pages(const struct crowd *crowd, struct search *search, size_t most)
{
	size_t count = crowd->count;

	search->from = SEARCH_FIRST;
	expect_part(crowd, search, most, 0, count < most ? count : most);
	for (size_t i = 0; i < count; i++) {
		search->number = crowd->found[i]->number;
		search->from = SEARCH_AFTER;
		expect_part(
			crowd, search, most, i + 1, count - i - 1 < most ? count : i + 1 + most);
		search->from = SEARCH_BEFORE;
		expect_part(crowd, search, most, i > most ? i - most : 0, i);
	}
}

/* Every page of several sizes beside every user that a random text finds. */
TEST(pages)
{
	static const size_t sizes[] = {1, 2, 7, PEOPLE};
	static struct crowd crowd = {.random = 1};
	char typed[64];
	size_t searches = 0;

	open_crowd(&crowd);
	for (size_t i = 0; i < 400; i++) {
		struct search search;
		if (begin(&search, random_text(&crowd, typed, 3)) != USERNAME_FINE)
			continue;
		find_people(&crowd, &search);
		searches += crowd.count > 0;
		for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++)
			expect_pages(&crowd, &search, sizes[j]);
	}
	assert_true(searches > 100);
	user_index_close(crowd.directory);
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
		{SEARCH_AFTER, 1, "4 6", false, true},
		{SEARCH_BEFORE, 1, "", false, true},
		{SEARCH_AFTER, 7, "", true, false},
		{SEARCH_BEFORE, 7, "11 3", true, false},
		{SEARCH_AFTER, 999, "4 6", false, true},
		{SEARCH_BEFORE, 999, "4 6", false, true},
		{SEARCH_BEFORE, 0, "4 6", false, true},
		{SEARCH_AFTER, 6, "2 11", true, true},
		{SEARCH_BEFORE, 11, "6 2", true, true},
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
