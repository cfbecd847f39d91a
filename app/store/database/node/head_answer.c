/*
 * What can be said of the head without asking the database. Where it cannot be told whether there
 * are older users than the ones that are kept, nothing is said.
 */
#include "base/limit.h"
#include "base/scratch.h"
#include "store/database/node/head_state.h"

bool head_is_known(const struct head *head)
{
	return head->is_known;
}

enum result head_check(const struct head *head, const char **reason)
{
	*reason = head->is_known ? head->reason.text : "the list was not read so far";
	return **reason != '\0' ? RESULT_UNAVAILABLE : RESULT_OK;
}

bool head_is_of(const struct head *head, uint64_t ms)
{
	return head->is_known && head->version >= head->told &&
	       head->confirmed + ms >= uv_now(head->settings.loop);
}

bool head_is_heard_of(const struct head *head, uint64_t ms)
{
	return head->is_known && head->heard + ms >= uv_now(head->settings.loop);
}

bool head_reaches(const struct head *head, uint64_t number)
{
	return head->is_known && head->version >= head->told && number <= head->view.last;
}

const struct store_view *head_view(const struct head *head)
{
	return &head->view;
}

const struct sheet_settings *head_sheet(const struct head *head)
{
	return &head->sheet.settings;
}

bool head_user(const struct head *head, uint64_t number, struct user *user)
{
	return kept_users_find(&head->users, number, user);
}

/* Newest first, up to the place `end`. */
static void copy_page(const struct head *head, size_t end, size_t count, struct user *users,
	struct store_answer *answer)
{
	for (size_t i = 0; i < count; i++)
		users[i] = kept_users_at(&head->users, end - 1 - i);
	answer->count = count;
}

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool read_older(const struct head *head, const struct store_question *question,
	struct user *users, struct store_answer *answer)
{
	const struct kept_users *kept = &head->users;
	size_t end = question->from == STORE_NEWEST ? kept->count
						    : kept_users_seek(kept, question->number);

	if (kept->floor > 0 && end <= question->most)
		return false;
	copy_page(head, end, least_of(end, question->most), users, answer);
	answer->has_previous = end < kept->count;
	answer->has_next = end > answer->count;
	return true;
}

static bool read_newer(const struct head *head, const struct store_question *question,
	struct user *users, struct store_answer *answer)
{
	const struct kept_users *kept = &head->users;
	size_t start = question->number == UINT64_MAX ? kept->count
						      : kept_users_seek(kept, question->number + 1);
	size_t count = least_of(kept->count - start, question->most);

	if (kept->floor > 0 && start == 0)
		return false;
	copy_page(head, start + count, count, users, answer);
	answer->has_previous = start + count < kept->count;
	answer->has_next = start > 0;
	return true;
}

bool head_may_answer(const struct head *head, const struct store_question *question)
{
	uint64_t floor = head->users.floor;

	return (question->beside == 0 || question->beside > floor) &&
	       (question->most == 0 || question->from == STORE_NEWEST || question->number > floor);
}

bool head_answer(const struct head *head, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	SCRATCH struct user users[LIMIT_PAGE_MOST], beside;
	struct store_answer answer = {.result = RESULT_OK, .view = &head->view, .users = users};

	if (!head_may_answer(head, question))
		return false;
	if (head_user(head, question->beside, &beside))
		answer.beside = &beside;
	if (question->most > 0 &&
		!(question->from == STORE_NEWER_THAN ? read_newer(head, question, users, &answer)
						     : read_older(head, question, users, &answer)))
		return false;
	answered(argument, &answer);
	return true;
}

bool head_newer(const struct head *head, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	const struct kept_users *kept = &head->users;

	*news = (struct store_news){0};
	if (position < kept->floor)
		return false;
	size_t start = position == UINT64_MAX ? kept->count : kept_users_seek(kept, position + 1);
	news->count = least_of(kept->count - start, most);
	news->has_more = start + news->count < kept->count;
	for (size_t i = 0; i < news->count; i++)
		users[i] = kept_users_at(kept, start + i);
	return true;
}

/* The newest of the changes of a user says what it is now. */
static void find_changed_user(const struct head *head, struct store_change *change)
{
	const struct history *history = &head->history;

	for (uint64_t i = history->last; i > history->first; i--) {
		size_t place = i % LIMIT_HISTORY;
		if (history->changes[place].user != change->user.number)
			continue;
		change->kind = history->changes[place].kind;
		if (change->kind == STORE_RENAMED)
			change->user = kept_user_of(head->renamed[place]);
		return;
	}
}

enum result head_changes(const struct head *head, uint64_t after, struct store_change *changes,
	size_t most, struct store_news *news)
{
	uint64_t shift = head_shift(head, head->timeline);
	enum result result = history_read(&head->history, after - shift, changes, most, news);

	for (size_t i = 0; i < news->count; i++) {
		if (changes[i].kind == STORE_RENAMED)
			find_changed_user(head, &changes[i]);
	}
	return result;
}
