/*
 * What a store has to answer, in the plainest way: an array, looked through from one end to the
 * other. A page is a part of the users in question in their order, found by counting.
 */
#include "store/model.h"

#include <stdlib.h>
#include <string.h>

#include "store/names/base_form.h"
#include "store/names/name_key.h"
#include "store/names/word_match.h"

bool model_user_copy(struct model_user *copy, const struct user *user)
{
	char key[LIMIT_NAME_KEY], base[LIMIT_NAME_BASE];
	size_t key_length, accented;

	*copy = (struct model_user){.number = user->number, .created = user->created};
	if (user->name_length >= MODEL_NAME ||
		name_key_fold(user->name, user->name_length, key, &key_length) != RESULT_OK ||
		key_length >= MODEL_NAME)
		return false;
	memcpy(copy->name, user->name, user->name_length);
	memcpy(copy->key, key, key_length);
	size_t base_length = base_form_make(key, key_length, base, &accented);
	copy->has_base = base_length != key_length || memcmp(key, base, key_length) != 0;
	name_key_order(base, base_length, copy->base);
	name_key_order(key, key_length, copy->ordered_key);
	return true;
}

bool model_user_is(const struct model_user *user, const struct model_user *other)
{
	return user->number == other->number && user->created == other->created &&
	       strcmp(user->name, other->name) == 0;
}

const struct model_user *model_by_number(const struct model *model, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (model->users[i].number == number)
			return &model->users[i];
	return NULL;
}

const struct model_user *model_by_key(const struct model *model, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(model->users[i].key, key) == 0)
			return &model->users[i];
	return NULL;
}

/* Makes a page of those from `start` to `end` out of `all`. */
static void cut_page(struct model_page *page, size_t all, size_t start, size_t end)
{
	page->count = end - start;
	page->has_previous = start > 0;
	page->has_next = end < all;
	memmove(page->users, page->users + start, page->count * sizeof(*page->users));
}

/* The page of `most` that ends before position `end`, or begins at `start`. */
static void cut_before(struct model_page *page, size_t all, size_t end, size_t most)
{
	cut_page(page, all, end > most ? end - most : 0, end);
}

static void cut_from(struct model_page *page, size_t all, size_t start, size_t most)
{
	cut_page(page, all, start, all - start > most ? start + most : all);
}

/* Newest first. */
static void answer_list(const struct model *model, size_t count,
	const struct store_question *question, struct model_page *page)
{
	size_t newer = 0, not_older = 0; /* how many are so, of the number in question */

	for (size_t i = 0; i < count; i++) {
		const struct model_user *user = &model->users[count - 1 - i];
		page->users[i] = user;
		newer += user->number > question->number;
		not_older += user->number >= question->number;
	}
	if (question->from == STORE_NEWEST)
		cut_from(page, count, 0, question->most);
	else if (question->from == STORE_OLDER_THAN)
		cut_from(page, count, not_older, question->most);
	else
		cut_before(page, count, newer, question->most);
}

static bool begins_so(const struct username_beginning *beginning, const char *word)
{
	size_t length = strlen(word);

	if (length == beginning->word_length)
		return memcmp(word, beginning->key, length) == 0;
	return length >= beginning->key_length &&
	       memcmp(word, beginning->key, beginning->key_length) == 0;
}

/* Where users are in the order of a search: the form that it compares, and a word in that. */
struct model_word {
	const struct model_user *user;
	const char *text;
	const char *word;
};

/* What these tests have between words; whatever stands first is one. */
static bool is_word(const struct model_word *word)
{
	return word->word == word->text || (word->word[-1] == ' ' && *word->word != ' ');
}

static int compare_words(const void *left, const void *right)
{
	const struct model_word *a = left, *b = right;
	int order = strcmp(a->word, b->word); /* as unsigned bytes */
	bool a_has = a->user->has_base, b_has = b->user->has_base;

	if (order != 0)
		return order;
	if (a->word - a->text != b->word - b->text)
		return a->word - a->text < b->word - b->text ? -1 : 1;
	if (a_has != b_has)
		return a_has ? 1 : -1;
	return a->user->number < b->user->number ? -1 : a->user->number > b->user->number;
}

/* The first of the user's words that begin so. False: there is none, and the place is that of the
 * whole name. */
static bool find_word(const struct model_user *user, const struct username_beginning *beginning,
	struct model_word *place)
{
	const char *text = beginning->is_accented ? user->ordered_key : user->base;
	struct model_word word = {.user = user, .text = text, .word = text};
	bool is_found = false;

	*place = word;
	if (beginning->accents.count > 0 &&
		!word_match_key(&beginning->accents, beginning->key_length > beginning->word_length,
			user->key, strlen(user->key)))
		return false;
	for (; *word.word != '\0'; word.word++)
		if (is_word(&word) && begins_so(beginning, word.word) &&
			(!is_found || compare_words(&word, place) < 0)) {
			*place = word;
			is_found = true;
		}
	return is_found;
}

/* In the order of words. */
static void answer_search(const struct model *model, size_t count,
	const struct store_question *question, struct model_page *page)
{
	const struct search *search = question->search;
	const struct model_user *mark = model_by_number(model, count, search->number);
	struct model_word words[MODEL_USERS], place;
	size_t all = 0, before = 0, not_after = 0; /* as many are so, of the mark */

	for (size_t i = 0; i < count; i++)
		all += find_word(&model->users[i], &search->beginning, &words[all]);
	qsort(words, all, sizeof(*words), compare_words);
	if (mark != NULL)
		find_word(mark, &search->beginning, &place);
	for (size_t i = 0; i < all; i++) {
		page->users[i] = words[i].user;
		before += mark != NULL && compare_words(&words[i], &place) < 0;
		not_after += mark != NULL && compare_words(&words[i], &place) <= 0;
	}
	page->found = question->most == 0 ? 0 : all > LIMIT_FOUND ? LIMIT_FOUND + 1 : all;
	if (search->from == SEARCH_FIRST || mark == NULL)
		cut_from(page, all, 0, question->most);
	else if (search->from == SEARCH_AFTER)
		cut_from(page, all, not_after, question->most);
	else
		cut_before(page, all, before, question->most);
}

void model_answer(const struct model *model, size_t count, const struct store_question *question,
	struct model_page *page)
{
	page->found = 0;
	if (question->search != NULL)
		answer_search(model, count, question, page);
	else
		answer_list(model, count, question, page);
}
