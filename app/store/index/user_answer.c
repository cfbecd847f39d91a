/*
 * Questions to a store that has all its users in memory: pages of the list or of a search, the
 * users of one name, one user by its number.
 */
#include "store/index/user_answer.h"

#include <string.h>

#include "base/limit.h"
#include "base/scratch.h"
#include "store/index/name_search.h"
#include "store/index/user_page.h"

static void read_page(struct user_index *index, const struct store_question *question,
	struct user *users, struct store_answer *answer)
{
	if (question->search != NULL)
		user_index_keep_order(index);
	struct store_page page =
		question->search != NULL
			? name_search(index, question->search, users, question->most)
			: user_page(index, question->from, question->number, users, question->most);

	answer->count = page.count;
	answer->has_previous = page.has_previous;
	answer->has_next = page.has_next;
	answer->found = page.found;
}

/* The users of one name: first the one with exactly this spelling. */
static void read_named(const struct user_index *index, const struct store_question *question,
	struct user *users, struct store_answer *answer)
{
	const struct username *named = question->named;

	answer->found =
		user_index_find_all(index, named->key, named->key_length, users, question->most);
	answer->count = answer->found < question->most ? answer->found : question->most;
	answer->has_next = answer->found > answer->count;
	for (size_t i = 1; i < answer->count; i++) {
		struct user user = users[i];
		if (user.name_length != named->length ||
			memcmp(user.name, named->text, named->length) != 0)
			continue;
		memmove(users + 1, users, i * sizeof(*users));
		users[0] = user;
		break;
	}
}

/* In memory of the stack: a question costs no allocation. */
void user_answer(struct user_index *index, const struct store_view *view,
	const struct store_question *question, store_answered_cb *answered, void *argument)
{
	SCRATCH struct user users[LIMIT_PAGE_MOST], beside;
	struct store_answer answer = {.result = RESULT_OK, .view = view, .users = users};

	if (question->beside > 0 && user_index_user(index, question->beside, &beside))
		answer.beside = &beside;
	if (question->named != NULL)
		read_named(index, question, users, &answer);
	else if (question->most > 0)
		read_page(index, question, users, &answer);
	answered(argument, &answer);
}

/* A page has its newest user first, and here the oldest is. */
void user_answer_newer(const struct user_index *index, uint64_t position, struct user *found,
	size_t most, struct store_news *news)
{
	struct store_page page = user_page(index, STORE_NEWER_THAN, position, found, most);

	news->count = page.count;
	news->has_more = page.has_previous;
	for (size_t i = 0; i < page.count / 2; i++) {
		struct user user = found[i];
		found[i] = found[page.count - 1 - i];
		found[page.count - 1 - i] = user;
	}
}
