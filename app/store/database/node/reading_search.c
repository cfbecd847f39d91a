/*
 * Searches as questions about the table of words, of which name_search.c is the model. The place of
 * a page is that of a word of the user that it is next to, and only the program can tell words from
 * a name. So the question is asked with the name that the user was last known to have, or none; and
 * its answer has the name that the user has in the same moment. If that is another one, the
 * question is asked again.
 *
 * Several words with accents are looked for in their base form, and compared with the names here.
 */
#include "store/database/node/reading_search.h"

#include <string.h>

#include "base/scratch.h"
#include "store/database/name_rows.h"
#include "store/names/base_form.h"
#include "store/names/name_key.h"
#include "store/names/word_match.h"

/* Names that are compared for their accents: those behind so many are not found. They are 300 KB of
 * rows at most, and 10 ms. */
#define COMPARED_MOST 4096

/* Between two words of the order: behind all that come before this one. */
struct search_place {
	const char *text;
	size_t length;
	int64_t rank;
	int64_t number;
};

/* What a search finds lies between these two texts. */
struct search_range {
	const struct username_beginning *beginning;
	enum name_row_form form;
	size_t end_length;
	char end[LIMIT_NAME_BASE + 1]; /* no byte of UTF-8 is 0xff */
};

static void begin_range(struct search_range *range, const struct username_beginning *beginning)
{
	range->beginning = beginning;
	range->form = beginning->is_accented ? NAME_ROW_KEY : NAME_ROW_BASE;
	memcpy(range->end, beginning->key, beginning->key_length);
	range->end[beginning->key_length] = '\xff';
	range->end_length = beginning->key_length + 1;
}

static int compare_texts(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Whether a text is before those of the range (less than 0), in it (0), or behind it. */
static int compare_range(const struct search_range *range, const char *text, size_t length)
{
	const struct username_beginning *beginning = range->beginning;

	if (compare_texts(text, length, beginning->key, beginning->word_length) < 0)
		return -1;
	return compare_texts(text, length, range->end, range->end_length) < 0 ? 0 : 1;
}

static bool compares_accents(const struct search *search)
{
	return search->beginning.accents.count > 0;
}

static struct search_place start_of(const struct search_range *range)
{
	return (struct search_place){
		.text = range->beginning->key, .length = range->beginning->word_length};
}

static struct search_place end_of(const struct search_range *range)
{
	return (struct search_place){.text = range->end, .length = range->end_length};
}

/* Where a user would be that is not found: where its whole name is. */
static struct search_place seek_whole(
	const struct search_range *range, const char *key, size_t key_length)
{
	char base[LIMIT_NAME_BASE];
	size_t length = key_length, accented;

	if (range->form == NAME_ROW_BASE)
		length = base_form_make(key, key_length, base, &accented);
	name_key_order(range->form == NAME_ROW_BASE ? base : key, length, base);
	return compare_range(range, base, length) < 0 ? start_of(range) : end_of(range);
}

/* The word at which the user is shown. */
static const struct name_row_word *find_shown(
	const struct search_range *range, const struct name_rows *rows)
{
	for (size_t i = 0; i < rows->word_count; i++) {
		const struct name_row_word *word = &rows->words[i];
		if (word->form == (int16_t)range->form &&
			(size_t)word->shared < range->beginning->word_length &&
			compare_range(
				range, name_rows_text(rows, &word->text), word->text.length) == 0)
			return word;
	}
	return NULL;
}

static struct search_place seek_mark(const struct search_range *range, const struct search *search,
	const struct reading_mark *mark, struct name_rows *rows)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (name_key_fold(mark->name, mark->length, key, &key_length) != RESULT_OK)
		return start_of(range);
	name_rows_add_words(rows, 1, key, key_length);
	const struct name_row_word *word = find_shown(range, rows);
	if (word == NULL)
		return seek_whole(range, key, key_length);
	return (struct search_place){.text = name_rows_text(rows, &word->text),
		.length = word->text.length,
		.rank = word->rank,
		.number = (int64_t)search->number + (search->from == SEARCH_AFTER)};
}

/* How many to read before and behind the place, and to count. */
struct search_counts {
	size_t before;
	size_t behind;
	size_t counted;
};

static struct search_counts counts_of(const struct store_question *question, bool has_mark)
{
	if (compares_accents(question->search))
		return (struct search_counts){.behind = COMPARED_MOST};
	if (has_mark && question->search->from == SEARCH_BEFORE)
		return (struct search_counts){question->most + 1, 1, LIMIT_FOUND + 1};
	return (struct search_counts){1, question->most + 1, LIMIT_FOUND + 1};
}

static bool has_mark(const struct search *search, const struct reading_mark *mark)
{
	return search->from != SEARCH_FIRST && mark->length > 0;
}

void reading_search_write(const struct store_question *question, const struct reading_mark *mark,
	struct parameters *parameters)
{
	const struct search *search = question->search;
	bool is_next_to = has_mark(search, mark);
	struct search_counts counts = counts_of(question, is_next_to);
	struct name_rows rows = {0};
	struct search_range range;

	begin_range(&range, &search->beginning);
	struct search_place place = is_next_to && !compares_accents(search)
					    ? seek_mark(&range, search, mark, &rows)
					    : start_of(&range);
	parameters_unsigned(parameters, question->beside);
	parameters_unsigned(parameters, search->from == SEARCH_FIRST ? 0 : search->number);
	parameters_unsigned(parameters, range.form);
	parameters_bytes(parameters, search->beginning.key, search->beginning.word_length);
	parameters_bytes(parameters, range.end, range.end_length);
	parameters_unsigned(parameters, search->beginning.word_length);
	parameters_bytes(parameters, place.text, place.length);
	parameters_unsigned(parameters, (uint64_t)place.rank);
	parameters_unsigned(parameters, (uint64_t)place.number);
	parameters_unsigned(parameters, counts.before);
	parameters_unsigned(parameters, counts.behind);
	parameters_unsigned(parameters, counts.counted);
	name_rows_free(&rows);
}

/* Whether the name in a row has the accents that were typed. */
static bool has_typed_accents(const struct search *search, const struct user *user)
{
	const struct username_beginning *beginning = &search->beginning;
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	return name_key_fold(user->name, user->name_length, key, &key_length) == RESULT_OK &&
	       word_match_key(&beginning->accents, beginning->key_length > beginning->word_length,
		       key, key_length);
}

/* Cuts a page out of the users with the right accents: they are told one after the other, first
 * how many come before the page is not known, then it is. */
struct accented_page {
	size_t found;
	size_t at; /* of the mark among them; SIZE_MAX: it is not one */
	struct user *users;
};

static void collect_accented(
	const struct rows *rows, const struct store_question *question, struct accented_page *page)
{
	const struct reading_users found = reading_users_find(rows);

	for (size_t i = 0; i < found.behind; i++) {
		const struct user user = reading_user(rows, found.first + i);
		if (!has_typed_accents(question->search, &user))
			continue;
		if (user.number == question->search->number)
			page->at = page->found;
		page->users[page->found++] = user;
	}
}

/* Where the mark is, or would be: at the beginning or the end of all. */
static size_t seek_accented(const struct store_question *question, const struct reading_mark *mark,
	const struct accented_page *page)
{
	struct search_range range;
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	if (page->at != SIZE_MAX)
		return page->at + (question->search->from == SEARCH_AFTER);
	if (name_key_fold(mark->name, mark->length, key, &key_length) != RESULT_OK)
		return 0;
	begin_range(&range, &question->search->beginning);
	const struct search_place place = seek_whole(&range, key, key_length);
	return place.text == range.end ? page->found : 0;
}

static void read_accented(const struct rows *rows, const struct store_question *question,
	const struct reading_mark *mark, struct user *users, struct store_answer *answer)
{
	SCRATCH struct user compared[COMPARED_MOST];
	struct accented_page page = {.at = SIZE_MAX, .users = compared};
	bool is_next_to = has_mark(question->search, mark);

	collect_accented(rows, question, &page);
	size_t begin = is_next_to ? seek_accented(question, mark, &page) : 0, end = page.found;
	if (is_next_to && question->search->from == SEARCH_BEFORE) {
		end = begin;
		begin = end > question->most ? end - question->most : 0;
	} else if (end - begin > question->most) {
		end = begin + question->most;
	}
	answer->count = end - begin;
	memcpy(users, compared + begin, answer->count * sizeof(*users));
	answer->has_previous = begin > 0;
	answer->has_next = end < page.found;
	answer->found = reading_users_find(rows).behind == COMPARED_MOST || page.found > LIMIT_FOUND
				? LIMIT_FOUND + 1
				: page.found;
}

static void read_found_page(const struct rows *rows, const struct store_question *question,
	bool is_next_to, struct user *users, struct store_answer *answer)
{
	const struct reading_users found = reading_users_find(rows);
	bool is_before = is_next_to && question->search->from == SEARCH_BEFORE;
	size_t there = is_before ? found.before : found.behind, row;

	answer->count = there < question->most ? there : question->most;
	size_t first = is_before ? found.first - answer->count : found.first;
	for (size_t i = 0; i < answer->count; i++)
		users[i] = reading_user(rows, first + i);
	answer->has_previous = is_before ? there > question->most : found.before > 0;
	answer->has_next = is_before ? found.behind > 0 : there > question->most;
	if (reading_row_find(rows, READING_FOUND, &row))
		answer->found = (size_t)rows_number(rows, row, READING_PLACE);
}

/* Takes the name that the mark has now. False: it is another one. */
static bool keep_mark(const struct rows *rows, struct reading_mark *mark)
{
	struct user user = {.name = ""};
	size_t row;

	if (reading_row_find(rows, READING_MARK, &row))
		user = reading_user(rows, row);
	if (user.name_length > sizeof(mark->name))
		user.name_length = sizeof(mark->name);
	if (user.name_length == mark->length && memcmp(user.name, mark->name, mark->length) == 0)
		return true;
	memcpy(mark->name, user.name, user.name_length);
	mark->length = user.name_length;
	return false;
}

bool reading_search_read(const struct rows *rows, const struct store_question *question,
	struct reading_mark *mark, struct user *users, struct store_answer *answer)
{
	bool is_same = keep_mark(rows, mark);

	if (compares_accents(question->search)) {
		read_accented(rows, question, mark, users, answer);
		return true; /* the question was the same for every mark */
	}
	if (is_same)
		read_found_page(rows, question, has_mark(question->search, mark), users, answer);
	return is_same;
}
