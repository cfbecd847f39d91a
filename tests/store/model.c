/*
 * What a store has to answer, in the plainest way: an array, looked through from one end to the
 * other. A page is a part of the users in question in their order, found by counting.
 */
#include "store/model.h"

#include <stdlib.h>
#include <string.h>

#include "store/names/name_key.h"

bool model_user_copy(struct model_user *copy, const struct user *user)
{
	char key[LIMIT_NAME_KEY];
	size_t key_length;

	*copy = (struct model_user){.number = user->number, .created = user->created};
	if (user->name_length >= MODEL_NAME ||
		name_key_fold(user->name, user->name_length, key, &key_length) != RESULT_OK ||
		key_length >= MODEL_NAME)
		return false;
	memcpy(copy->name, user->name, user->name_length);
	memcpy(copy->key, key, key_length);
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

static bool begins_so(const struct username_beginning *beginning, const char *key)
{
	size_t length = strlen(key);

	if (length == beginning->word_length)
		return memcmp(key, beginning->key, length) == 0;
	return length >= beginning->key_length &&
	       memcmp(key, beginning->key, beginning->key_length) == 0;
}

static int compare_keys(const void *left, const void *right)
{
	const struct model_user *const *a = left, *const *b = right;

	return strcmp((*a)->key, (*b)->key); /* as unsigned bytes */
}

/* In the order of keys. */
static void answer_search(const struct model *model, size_t count,
	const struct store_question *question, struct model_page *page)
{
	const struct search *search = question->search;
	const struct model_user *mark = model_by_number(model, count, search->number);
	size_t all = 0, before = 0, not_after = 0; /* as many are so, of the mark */

	for (size_t i = 0; i < count; i++)
		if (begins_so(&search->beginning, model->users[i].key))
			page->users[all++] = &model->users[i];
	qsort(page->users, all, sizeof(*page->users), compare_keys);
	for (size_t i = 0; i < all && mark != NULL; i++) {
		before += compare_keys(&page->users[i], &mark) < 0;
		not_after += compare_keys(&page->users[i], &mark) <= 0;
	}
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
	if (question->search != NULL)
		answer_search(model, count, question, page);
	else
		answer_list(model, count, question, page);
}
