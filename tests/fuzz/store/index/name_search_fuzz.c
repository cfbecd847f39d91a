/*
 * Searches for words of names among users that come, go and are renamed, held against a look at
 * every one of them: the same users in the same order, whichever way their pages are read.
 */
#include "store/index/name_search.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/store/lettered_names.h"
#include "store/names/base_form.h"
#include "store/names/name_key.h"

#define PEOPLE_MOST 48

/* A user in the plain list, and the word that a search finds. */
struct person {
	uint64_t number;
	bool is_there;
	struct username name;
	bool has_base;
	bool is_found;
	size_t offset; /* of the word in its text */
	char text[LIMIT_NAME_BASE];
	size_t length;
};

struct people {
	struct person all[PEOPLE_MOST];
	size_t count;
	struct user_index *users;
	bool is_loading; /* as a file is read: found by name only once that is settled */
	struct search search;
};

static int compare_texts(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Whether the text of a word begins so, and ends there if the search has a space at its end. */
static bool is_begun_so(const struct username_beginning *beginning, const char *text, size_t length)
{
	size_t word = beginning->word_length;

	return length >= word && memcmp(text, beginning->key, word) == 0 &&
	       (beginning->key_length == word || length == word || text[word] == ' ');
}

/* A word of a key, in the form that it is compared in. */
static size_t write_word(
	const char *key, size_t length, const struct name_word *word, bool is_base, char *text)
{
	size_t end = name_words_end(key, length, word->offset), accented;

	if (is_base)
		return base_form_make(key + word->offset, end - word->offset, text, &accented);
	memcpy(text, key + word->offset, end - word->offset);
	return end - word->offset;
}

/* Whether one word of a name is what was typed for it, with its accents if that has any. */
static bool is_typed_word(const char *typed_key, size_t typed_length, const struct name_word *typed,
	const struct username *name, const struct name_word *word, bool is_whole)
{
	char wanted[LIMIT_NAME_BASE], has[LIMIT_NAME_BASE], unaccented[LIMIT_NAME_BASE];
	size_t accented, length = write_word(typed_key, typed_length, typed, false, wanted);

	base_form_make(wanted, length, unaccented, &accented);
	if (accented == 0)
		length = write_word(typed_key, typed_length, typed, true, wanted);
	size_t has_length = write_word(name->key, name->key_length, word, accented == 0, has);
	return has_length >= length && (!is_whole || has_length == length) &&
	       memcmp(has, wanted, length) == 0;
}

/* Of several words with an accent among them. */
static bool has_typed_accents(
	const struct username_beginning *beginning, const struct username *name)
{
	struct name_word typed[NAME_WORDS_MOST], words[NAME_WORDS_MOST];
	char key[LIMIT_NAME_KEY], base[LIMIT_NAME_BASE];
	size_t length, accented;
	bool is_whole = beginning->key_length > beginning->word_length;

	must(name_key_fold(beginning->text, beginning->length - is_whole, key, &length) ==
		RESULT_OK);
	base_form_make(key, length, base, &accented);
	size_t count = name_words_find(key, length, typed);
	size_t has = name_words_find(name->key, name->key_length, words);
	if (accented == 0 || count < 2)
		return true;
	for (size_t first = 0; first + count <= has; first++) {
		size_t i = 0;
		while (i < count && is_typed_word(key, length, &typed[i], name, &words[first + i],
					    is_whole || i + 1 < count))
			i++;
		if (i == count)
			return true;
	}
	return false;
}

/* The text that is searched, and the first word in it that is found. */
static void find_person(struct person *person, const struct username_beginning *beginning)
{
	const struct username *name = &person->name;
	struct name_word words[NAME_WORDS_MOST];
	char base[LIMIT_NAME_BASE];
	size_t accented, length = base_form_make(name->key, name->key_length, base, &accented);

	person->has_base = length != name->key_length || memcmp(base, name->key, length) != 0;
	person->length = beginning->is_accented ? name->key_length : length;
	name_key_order(beginning->is_accented ? name->key : base, person->length, person->text);
	size_t count = name_words_find(person->text, person->length, words);
	person->is_found = false;
	for (size_t i = 0; i < count; i++) {
		const char *text = person->text + words[i].offset;
		size_t left = person->length - words[i].offset;
		if (!is_begun_so(beginning, text, left))
			continue;
		if (!person->is_found || compare_texts(text, left, person->text + person->offset,
						 person->length - person->offset) < 0)
			person->offset = words[i].offset;
		person->is_found = true;
	}
	person->is_found = person->is_found && has_typed_accents(beginning, name);
}

static int by_search(const void *left, const void *right)
{
	const struct person *a = *(const struct person *const *)left;
	const struct person *b = *(const struct person *const *)right;
	int order = compare_texts(a->text + a->offset, a->length - a->offset, b->text + b->offset,
		b->length - b->offset);

	if (order != 0)
		return order;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (a->has_base != b->has_base)
		return a->has_base ? 1 : -1;
	return a->number < b->number ? -1 : 1;
}

static size_t find_all(struct people *people, const struct person *found[static PEOPLE_MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < people->count; i++) {
		struct person *person = &people->all[i];
		if (!person->is_there)
			continue;
		find_person(person, &people->search.beginning);
		if (person->is_found)
			found[count++] = person;
	}
	if (count > 0)
		qsort(found, count, sizeof(struct person *), by_search);
	return count;
}

static void must_be_page(const struct store_page *page, const struct user *users,
	const struct person *const *wanted, size_t count)
{
	must(page->count == count);
	for (size_t i = 0; i < count; i++) {
		must(users[i].number == wanted[i]->number);
		must(user_is_called(&users[i], wanted[i]->name.text, wanted[i]->name.length));
	}
}

/* The first page, and those behind and before each user that is found. */
static void check_pages(
	struct people *people, const struct person *const *wanted, size_t count, size_t most)
{
	struct user users[PEOPLE_MOST];
	struct search *search = &people->search;

	search->from = SEARCH_FIRST;
	for (size_t at = 0; at <= count; at++) {
		size_t left = count - at;
		struct store_page page = name_search(people->users, search, users, most);
		must_be_page(&page, users, wanted + at, left < most ? left : most);
		must(page.found == count);
		must(page.has_previous == (at > 0) && page.has_next == (left > most));
		search->from = SEARCH_AFTER;
		search->number = at < count ? wanted[at]->number : 0;
	}
	search->from = SEARCH_BEFORE;
	for (size_t at = 0; at < count; at++) {
		search->number = wanted[at]->number;
		struct store_page page = name_search(people->users, search, users, most);
		size_t there = at < most ? at : most;
		must_be_page(&page, users, wanted + at - there, there);
		must(page.found == count && page.has_next && page.has_previous == (at > most));
	}
}

/* Next to a user that is not found, or to a number that nobody has, there is a page, too. */
static void check_beside(struct people *people, size_t count, uint64_t number)
{
	struct user users[PEOPLE_MOST];
	struct search *search = &people->search;

	for (enum search_from from = SEARCH_FIRST; from <= SEARCH_BEFORE; from++) {
		search->from = from;
		search->number = number;
		struct store_page page = name_search(people->users, search, users, 3);
		must(page.count <= 3 && page.found == count);
		for (size_t i = 1; i < page.count; i++)
			must(users[i].number != users[i - 1].number);
	}
}

static void search_people(struct people *people, struct fuzz_input *input)
{
	const struct person *found[PEOPLE_MOST];
	struct username name;
	char typed[LIMIT_NAME + 1];
	size_t most = fuzz_take_below(input, 7) + 1;
	bool has_end = fuzz_take_below(input, 2) == 1;

	if (!lettered_names_take(input, &name))
		return;
	memcpy(typed, name.text, name.length);
	typed[name.length] = ' ';
	if (username_parse_beginning(typed, name.length + has_end, &people->search.beginning) !=
		USERNAME_FINE)
		return;
	user_index_settle(people->users, NULL, NULL);
	size_t count = find_all(people, found);
	check_pages(people, found, count, most);
	check_beside(people, count, fuzz_take_byte(input));
}

static void change_people(struct people *people, struct fuzz_input *input, unsigned step)
{
	size_t place = step / 4 % PEOPLE_MOST;
	struct person *person = &people->all[place];
	struct username name;

	if (step % 4 == 1) {
		must(user_index_remove(people->users, place + 1) ==
			(place < people->count && person->is_there));
		person->is_there = false;
		return;
	}
	if (!lettered_names_take(input, &name))
		return;
	bool is_new = step % 4 == 0;
	if (is_new && people->count == PEOPLE_MOST)
		return;
	if (is_new)
		place = people->count++;
	person = &people->all[place];
	const struct user user = {
		.number = place + 1, .name = name.text, .name_length = name.length};
	if (is_new && people->is_loading) {
		user_index_load(people->users, &user, name.key, name.key_length);
	} else if (is_new) {
		user_index_add(people->users, &user, name.key, name.key_length);
	} else {
		bool is_there = place < people->count && person->is_there;
		must(user_index_rename(people->users, &user, name.key, name.key_length) ==
			is_there);
		if (!is_there)
			return;
	}
	person->number = place + 1;
	person->is_there = true;
	person->name = name;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length < 2048 ? length : 2048};
	static struct people people;

	people.count = 0;
	people.is_loading = fuzz_take_byte(&input) % 2 == 1;
	memset(people.all, 0, sizeof(people.all));
	people.users = user_index_open();
	user_index_keep_order(people.users);
	while (input.length > 0) {
		unsigned step = fuzz_take_byte(&input);
		if (step % 4 == 3)
			search_people(&people, &input);
		else
			change_people(&people, &input, step);
	}
	user_index_close(people.users);
	return 0;
}
