/*
 * Each call of the store, and each callback, ends in a note. What is lent is copied at once, and
 * what the store has no right to keep is overwritten as soon as it returns. A callback never fails
 * the test itself: it stands on the stack of the store, and of the loop, which must come to their
 * end.
 */
#include "store/witness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/subject.h"
#include "support/patience.h"
#include "support/test.h"

#define FOLLOWED_AT_ONCE 3

static void on_changed(void *argument);

void witness_complain(struct witness *witness, const char *format, ...)
{
	va_list values;

	if (witness->complaint[0] != '\0')
		return;
	va_start(values, format);
	vsnprintf(witness->complaint, sizeof(witness->complaint), format, values);
	va_end(values);
}

static void open_store(struct witness *witness)
{
	witness->opening++;
	witness->followed = 0;
	witness->store = subject.open(witness->place, &witness->loop, witness->max_users,
		witness->seed + witness->opening);
	store_watch(witness->store, on_changed, witness);
	on_changed(witness); /* of those who are there already nobody tells */
	witness->changes = 0;
}

void witness_begin(struct witness *witness, uint64_t max_users, uint64_t seed)
{
	*witness = (struct witness){.max_users = max_users, .seed = seed};
	STAILQ_INIT(&witness->creates);
	STAILQ_INIT(&witness->answers);
	STAILQ_INIT(&witness->all_news);
	assert_int_equal(uv_loop_init(&witness->loop), 0);
	assert_int_equal(uv_timer_init(&witness->loop, &witness->patience), 0);
	witness->patience.data = witness;
	witness->place = subject.make_place();
	open_store(witness);
}

void witness_close_store(struct witness *witness)
{
	subject.stop(witness->place);
	assert_int_equal(uv_run(&witness->loop, UV_RUN_DEFAULT), 0);
	subject.close(witness->place);
	witness->store = NULL;
}

void witness_reopen(struct witness *witness)
{
	assert_int_equal(witness->under_way, 0);
	witness_close_store(witness);
	open_store(witness);
}

static void free_notes(struct witness *witness)
{
	struct create_note *create;
	struct answer_note *answer;
	struct news_note *news;

	while ((create = STAILQ_FIRST(&witness->creates)) != NULL) {
		STAILQ_REMOVE_HEAD(&witness->creates, next);
		free(create);
	}
	while ((answer = STAILQ_FIRST(&witness->answers)) != NULL) {
		STAILQ_REMOVE_HEAD(&witness->answers, next);
		free(answer->users);
		free(answer);
	}
	while ((news = STAILQ_FIRST(&witness->all_news)) != NULL) {
		STAILQ_REMOVE_HEAD(&witness->all_news, next);
		free(news->users);
		free(news);
	}
}

void witness_end(struct witness *witness)
{
	witness_cancel_all(witness);
	if (witness->store != NULL)
		witness_close_store(witness);
	uv_close((uv_handle_t *)&witness->patience, NULL);
	assert_int_equal(uv_run(&witness->loop, UV_RUN_DEFAULT), 0);
	assert_int_equal(uv_loop_close(&witness->loop), 0);
	subject.remove_place(witness->place);
	free_notes(witness);
}

/* Notes */

static void begin_note(struct witness *witness, struct note *note)
{
	*note = (struct note){.witness = witness,
		.state = NOTE_UNDER_WAY,
		.began = ++witness->moment,
		.known = witness->known};
	witness->under_way++;
}

/* False: the callback should not have come. */
static bool end_note(struct note *note, const char *what)
{
	struct witness *witness = note->witness;

	if (note->state != NOTE_UNDER_WAY) {
		witness_complain(witness, "%s that began at %llu was called back %s", what,
			(unsigned long long)note->began,
			note->state == NOTE_TOLD ? "twice" : "after it was cancelled");
		return false;
	}
	note->state = NOTE_TOLD;
	note->job = NULL;
	note->ended = ++witness->moment;
	witness->under_way--;
	return true;
}

static void cancel_note(struct note *note)
{
	struct witness *witness = note->witness;
	struct store_job *job = note->job;

	assert_int_equal(note->state, NOTE_UNDER_WAY);
	note->state = NOTE_CANCELLED;
	note->job = NULL;
	note->ended = ++witness->moment;
	witness->under_way--;
	store_cancel(witness->store, job);
}

static void learn(struct witness *witness, uint64_t number)
{
	if (number > witness->known)
		witness->known = number;
}

static void copy_user(struct witness *witness, struct model_user *copy, const struct user *user)
{
	if (!model_user_copy(copy, user))
		witness_complain(witness, "user %llu has a name that was never given",
			(unsigned long long)user->number);
}

static struct model_user *copy_users(
	struct witness *witness, const struct user *users, size_t count)
{
	struct model_user *copies = memory_resized(NULL, count + 1, sizeof(*copies));

	for (size_t i = 0; i < count; i++)
		copy_user(witness, &copies[i], &users[i]);
	return copies;
}

static void tell_on(struct witness *witness)
{
	if (witness->on_told != NULL)
		witness->on_told(witness->argument);
}

/* Creates */

static size_t count_possible(const struct witness *witness)
{
	const struct create_note *other;
	size_t possible = 0;

	STAILQ_FOREACH(other, &witness->creates, next)
	possible += other->note.state != NOTE_TOLD || other->result == RESULT_OK;
	return possible;
}

static bool has_user(enum result result)
{
	return result == RESULT_OK || result == RESULT_TAKEN || result == RESULT_ALIKE;
}

static void end_create(struct create_note *create, enum result result, const struct user *user)
{
	struct witness *witness = create->note.witness;

	create->result = result;
	create->most_users = count_possible(witness);
	if (!has_user(result))
		return;
	copy_user(witness, &create->user, user);
	learn(witness, user->number);
}

static void on_created(void *argument, enum result result, const struct user *user)
{
	struct create_note *create = argument;
	struct witness *witness = create->note.witness;

	if (!end_note(&create->note, "a create"))
		return;
	if (witness->is_calling)
		witness_complain(
			witness, "a create was called back before store_create() returned");
	if ((user != NULL) != has_user(result))
		witness_complain(witness, "a create ended with %d, and %s user", (int)result,
			user != NULL ? "a" : "no");
	else
		end_create(create, result, user);
	tell_on(witness);
}

struct create_note *witness_create(struct witness *witness, const char *name)
{
	struct create_note *create = memory_zeroed(sizeof(*create));
	struct username copy;
	struct user holder;
	bool was_calling = witness->is_calling;

	assert_int_equal(username_parse(name, strlen(name), &create->username), USERNAME_FINE);
	const struct user wanted = {
		.name = create->username.text, .name_length = create->username.length};
	assert_true(model_user_copy(&create->wanted, &wanted));
	begin_note(witness, &create->note);
	STAILQ_INSERT_TAIL(&witness->creates, create, next);
	copy = create->username;
	witness->is_calling = true;
	enum result result =
		store_create(witness->store, &copy, on_created, create, &create->note.job, &holder);
	witness->is_calling = was_calling;
	memset(&copy, '~', sizeof(copy)); /* it was the caller's */
	if (result != RESULT_OK && end_note(&create->note, "a create"))
		end_create(create, result, &holder);
	return create;
}

void witness_cancel_create(struct witness *witness, struct create_note *create)
{
	(void)witness;
	cancel_note(&create->note);
}

/* Answers */

static void on_answered(void *argument, const struct store_answer *answer)
{
	struct answer_note *note = argument;
	struct witness *witness = note->note.witness;

	if (!end_note(&note->note, "a question"))
		return;
	note->result = answer->result;
	note->opening = witness->opening;
	if (answer->result == RESULT_OK) {
		note->view = *answer->view;
		note->users = copy_users(witness, answer->users, answer->count);
		note->count = answer->count;
		note->has_previous = answer->has_previous;
		note->has_next = answer->has_next;
		note->found = answer->found;
		note->has_beside = answer->beside != NULL;
		if (note->has_beside)
			copy_user(witness, &note->beside, answer->beside);
		learn(witness, note->view.newest);
	}
	tell_on(witness);
}

static struct answer_note *add_answer(
	struct witness *witness, const struct store_question *question)
{
	struct answer_note *note = memory_zeroed(sizeof(*note));

	begin_note(witness, &note->note);
	note->question = *question;
	if (question->search != NULL) {
		note->search = *question->search;
		note->question.search = &note->search;
	}
	STAILQ_INSERT_TAIL(&witness->answers, note, next);
	return note;
}

struct answer_note *witness_ask(struct witness *witness, const struct store_question *question)
{
	struct answer_note *note = add_answer(witness, question);
	struct store_question copy = note->question;

	struct store_job *job = store_ask(witness->store, &copy, on_answered, note);
	memset(&copy, 0xa5, sizeof(copy)); /* it was the caller's */
	if ((job != NULL) != (note->note.state == NOTE_UNDER_WAY))
		witness_complain(witness, "store_ask() returned %s of a question that is %s",
			job != NULL ? "the job" : "NULL", job != NULL ? "answered" : "not");
	note->note.job = job;
	return note;
}

void witness_cancel_answer(struct witness *witness, struct answer_note *answer)
{
	(void)witness;
	cancel_note(&answer->note);
}

void witness_cancel_all(struct witness *witness)
{
	struct create_note *create;
	struct answer_note *answer;

	STAILQ_FOREACH(create, &witness->creates, next)
	if (create->note.state == NOTE_UNDER_WAY)
		cancel_note(&create->note);
	STAILQ_FOREACH(answer, &witness->answers, next)
	if (answer->note.state == NOTE_UNDER_WAY)
		cancel_note(&answer->note);
}

/* A view is the answer to a question for nothing else. */
struct answer_note *witness_view(struct witness *witness, uint64_t least)
{
	const struct store_view *view = store_view(witness->store, least);

	if (view == NULL)
		return NULL;
	struct answer_note *note = add_answer(witness, &(struct store_question){.least = least});
	end_note(&note->note, "a view");
	note->view = *view;
	note->opening = witness->opening;
	learn(witness, view->newest);
	return note;
}

/* News */

struct news_note *witness_newer(struct witness *witness, uint64_t position, size_t most)
{
	struct user users[LIMIT_PAGE_MOST];
	struct store_news news;

	assert_in_range(most, 1, LIMIT_PAGE_MOST);
	if (!store_newer(witness->store, position, users, most, &news))
		return NULL;
	struct news_note *note = memory_zeroed(sizeof(*note));
	begin_note(witness, &note->note);
	end_note(&note->note, "news");
	note->position = position;
	note->news = news;
	note->users = copy_users(witness, users, news.count);
	STAILQ_INSERT_TAIL(&witness->all_news, note, next);
	if (news.count > most || (news.has_more && news.count == 0))
		witness_complain(witness, "%zu of at most %zu new users%s", news.count, most,
			news.has_more ? ", and there are more" : "");
	else if (news.count > 0)
		learn(witness, note->users[news.count - 1].number);
	return note;
}

/* store_changed_cb: reads on from where it was. */
static void on_changed(void *argument)
{
	struct witness *witness = argument;
	const struct news_note *note;

	witness->changes++;
	do {
		note = witness_newer(witness, witness->followed, FOLLOWED_AT_ONCE);
		if (note != NULL && note->news.count > 0)
			witness->followed = note->users[note->news.count - 1].number;
	} while (note != NULL && note->news.has_more && witness->complaint[0] == '\0');
}

/* The loop */

void witness_turn(struct witness *witness)
{
	uv_run(&witness->loop, UV_RUN_NOWAIT);
}

static void on_impatient(uv_timer_t *timer)
{
	struct witness *witness = timer->data;

	witness_complain(witness,
		"nothing happened any more with %zu under way, %llu followed of %llu",
		witness->under_way, (unsigned long long)witness->followed,
		(unsigned long long)witness->known);
}

static void wait_once(struct witness *witness)
{
	uv_timer_start(&witness->patience, on_impatient, PATIENCE_MS, 0);
	uv_run(&witness->loop, UV_RUN_ONCE);
	uv_timer_stop(&witness->patience);
}

void witness_wait(struct witness *witness)
{
	if (witness->under_way > 0)
		wait_once(witness);
}

void witness_settle(struct witness *witness)
{
	while (witness->complaint[0] == '\0' &&
		(witness->under_way > 0 || witness->followed < witness->known))
		wait_once(witness);
}
