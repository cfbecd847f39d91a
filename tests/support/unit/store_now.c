#include "support/unit/store_now.h"

#include <string.h>

#include "support/test.h"

static const struct store_view *view_of(struct store *store)
{
	const struct store_view *view = store_view(store, 0);

	assert_non_null(view);
	return view;
}

uint64_t store_now_count(struct store *store)
{
	return view_of(store)->users;
}

const char *store_now_revision(struct store *store)
{
	return view_of(store)->revision;
}

/* What is to be taken out of an answer. */
struct taken {
	struct user *users;
	struct store_page page;
	struct user beside;
	bool has_beside;
	bool is_answered;
};

static void on_taken(void *argument, const struct store_answer *answer)
{
	struct taken *taken = argument;

	assert_false(taken->is_answered);
	taken->is_answered = true;
	assert_int_equal(answer->result, RESULT_OK);
	taken->page = (struct store_page){.count = answer->count,
		.has_previous = answer->has_previous,
		.has_next = answer->has_next};
	if (answer->count > 0)
		memcpy(taken->users, answer->users, answer->count * sizeof(*taken->users));
	taken->has_beside = answer->beside != NULL;
	if (taken->has_beside)
		taken->beside = *answer->beside;
}

static void ask_now(struct store *store, const struct store_question *question, struct taken *taken)
{
	assert_null(store_ask(store, question, on_taken, taken));
	assert_true(taken->is_answered);
}

bool store_now_user(struct store *store, uint64_t number, struct user *user)
{
	struct taken taken = {.users = NULL};

	ask_now(store, &(struct store_question){.beside = number}, &taken);
	if (taken.has_beside)
		*user = taken.beside;
	return taken.has_beside;
}

struct store_page store_now_page(
	struct store *store, enum store_from from, uint64_t number, struct user *users, size_t most)
{
	struct taken taken = {.users = users};

	ask_now(store, &(struct store_question){.from = from, .number = number, .most = most},
		&taken);
	return taken.page;
}
