/*
 * Questions on their way. Those that the head can answer wait for it, if it is not fresh, and share
 * one question for it; the others are asked for themselves, many at a time. A question changes
 * nothing, so one whose answer was lost is asked again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/meters/meters.h"
#include "base/scratch.h"
#include "store/database/node/database_statements.h"
#include "store/database/node/reader_state.h"
#include "store/database/node/reading_page.h"

/* A server answers one after the other: more of them would only be later. */
#define UNDER_WAY_MOST 16
#define WAITING_MOST   1024

/* How often a question is asked before it is given up. */
#define TRIES_MOST 5

static link_answered_cb on_reading_answered;

static size_t count_waiting(const struct reader *reader)
{
	return reader->counts[JOB_OF_HEAD] + reader->counts[JOB_QUEUED];
}

void reader_keep_loop(struct reader *reader)
{
	size_t jobs = 0;

	for (int i = 0; i < JOB_STATES; i++)
		jobs += i == JOB_CANCELLED ? 0 : reader->counts[i];
	if (jobs > 0 || !reader->settings.lets_loop_end)
		uv_ref((uv_handle_t *)&reader->poll);
	else
		uv_unref((uv_handle_t *)&reader->poll);
}

static void count_job(struct reader_job *job, int one)
{
	job->reader->counts[job->state] += (size_t)one;
	meters.database.waiting = count_waiting(job->reader);
	reader_keep_loop(job->reader);
}

static void add_job(struct reader_job *job, enum job_state state)
{
	job->state = state;
	TAILQ_INSERT_TAIL(&job->reader->jobs[state], job, next);
	count_job(job, 1);
}

static void take_job(struct reader_job *job)
{
	TAILQ_REMOVE(&job->reader->jobs[job->state], job, next);
	count_job(job, -1);
}

static void move_job(struct reader_job *job, enum job_state state)
{
	take_job(job);
	add_job(job, state);
}

static void free_reader_job(struct reader_job *job)
{
	parameters_free(&job->query.parameters);
	free(job);
}

static void refuse(store_answered_cb *answered, void *argument, enum result result)
{
	const struct store_answer answer = {.result = result};

	answered(argument, &answer);
}

/* It is on no list any more. */
static void refuse_job(struct reader_job *job, enum result result)
{
	take_job(job);
	refuse(job->answered, job->argument, result);
	free_reader_job(job);
}

/* Whether the head can have the answer. */
static bool is_of_head(const struct store_question *question)
{
	return question->named == NULL && (question->search == NULL || question->most == 0);
}

/* A user that the client asks for may have been created on another node a moment ago. */
static uint64_t least_for(const struct store_question *question)
{
	return question->beside > question->least ? question->beside : question->least;
}

static bool answer_of_head(const struct reader *reader, const struct store_question *question,
	uint64_t ms, store_answered_cb *answered, void *argument)
{
	const struct head *head = reader->settings.head;

	return is_of_head(question) && head_is_of(head, ms) &&
	       head_reaches(head, least_for(question)) &&
	       head_answer(head, question, answered, argument);
}

static struct reader_job *make_job(struct reader *reader, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	struct reader_job *job = memory_zeroed(sizeof(*job));

	job->job.is_question = true;
	job->reader = reader;
	job->order = reader->order;
	job->question = *question;
	job->answered = answered;
	job->argument = argument;
	job->query.argument = job;
	job->query.answered = on_reading_answered;
	job->query.timeout_ms = READER_ANSWER_MS;
	return job;
}

struct store_job *reader_ask(struct reader *reader, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	bool is_away = reader->away != 0;
	bool is_for_head = is_of_head(question) && head_may_answer(reader->settings.head, question);
	bool is_at_hand = is_for_head && (is_away || !question->is_fresh);

	reader_view(reader, 0); /* somebody looks at the list */
	if (is_at_hand && answer_of_head(reader, question, is_away ? HEAD_STALE_MS : HEAD_FRESH_MS,
				  answered, argument))
		return NULL;
	if (count_waiting(reader) >= WAITING_MOST || reader_is_away(reader)) {
		refuse(answered, argument,
			reader_is_away(reader) ? RESULT_UNAVAILABLE : RESULT_LIMIT);
		return NULL;
	}
	struct reader_job *job = make_job(reader, question, answered, argument);
	add_job(job, is_for_head ? JOB_OF_HEAD : JOB_QUEUED);
	if (is_for_head)
		reader_ask_head(reader);
	reader_jobs_send(reader);
	return &job->job;
}

void reader_cancel(struct store_job *cancelled)
{
	struct reader_job *job = (struct reader_job *)cancelled;

	if (job->state == JOB_UNDER_WAY) {
		move_job(job, JOB_CANCELLED);
		return;
	}
	take_job(job);
	free_reader_job(job);
}

void reader_jobs_end(struct reader *reader)
{
	struct reader_job *job = TAILQ_FIRST(&reader->jobs[JOB_CANCELLED]);

	while (job != NULL) {
		struct reader_job *next = TAILQ_NEXT(job, next);
		take_job(job);
		free_reader_job(job);
		job = next;
	}
}

static bool keeps_waiting(const struct reader *reader, const struct reader_job *job, uint64_t order)
{
	const struct head *head = reader->settings.head;
	bool is_at_hand = !job->question.is_fresh && head_is_of(head, HEAD_FRESH_MS) &&
			  head_reaches(head, least_for(&job->question));

	return !is_at_hand && job->order >= order;
}

/* If the head has not caught up with what another answer told, or lacks older users after all, the
 * question is asked by itself. */
static void answer_due(struct reader_job *job)
{
	const struct head *head = job->reader->settings.head;

	take_job(job);
	if (head_is_of(head, UINT32_MAX) &&
		head_answer(head, &job->question, job->answered, job->argument))
		free_reader_job(job);
	else
		add_job(job, JOB_QUEUED);
}

void reader_jobs_take_head(struct reader *reader, uint64_t order)
{
	struct reader_job *job = TAILQ_FIRST(&reader->jobs[JOB_OF_HEAD]);

	while (job != NULL) {
		struct reader_job *next = TAILQ_NEXT(job, next);
		if (!keeps_waiting(reader, job, order))
			move_job(job, JOB_DUE);
		job = next;
	}
	while ((job = TAILQ_FIRST(&reader->jobs[JOB_DUE])) != NULL)
		answer_due(job); /* takes it off first. NOLINT(clang-analyzer-unix.Malloc) */
	if (!TAILQ_EMPTY(&reader->jobs[JOB_OF_HEAD]))
		reader_ask_head(reader);
	reader_jobs_send(reader);
}

static void send_job(struct reader_job *job)
{
	const struct store_question *question = &job->question;
	struct parameters *parameters = &job->query.parameters;
	enum reading reading = question->named != NULL                          ? READING_NAMED
			       : question->search != NULL && question->most > 0 ? READING_SEARCH
										: READING_PAGE;

	parameters_clear(parameters);
	head_limits_parameters(job->reader->settings.head, !job->lacks_letters, parameters);
	if (reading == READING_NAMED)
		reading_named_write(question, parameters);
	else if (reading == READING_SEARCH)
		reading_search_write(question, &job->mark, parameters);
	else
		reading_page_write(question, parameters);
	job->query.statement = &reading_statements[reading];
	job->tries++;
	job->sent = uv_hrtime();
	meters.database.questions++;
	move_job(job, JOB_UNDER_WAY);
	link_send(job->reader->link, &job->query);
}

/* The name that the user of a search's place was last known to have. */
static void find_mark(struct reader_job *job)
{
	const struct store_question *question = &job->question;
	struct user user;

	if (job->tries > 0 || question->search == NULL || question->search->from == SEARCH_FIRST ||
		!head_user(job->reader->settings.head, question->search->number, &user))
		return;
	job->mark.length = user.name_length < LIMIT_NAME ? user.name_length : LIMIT_NAME;
	memcpy(job->mark.name, user.name, job->mark.length);
}

/* What was cancelled keeps its place until the server is through with it: or clients that hang up
 * would pile up questions there. */
void reader_jobs_send(struct reader *reader)
{
	struct reader_job *job;

	while (link_is_ready(reader->link) &&
		reader->counts[JOB_UNDER_WAY] + reader->counts[JOB_CANCELLED] < UNDER_WAY_MOST &&
		(job = TAILQ_FIRST(&reader->jobs[JOB_QUEUED])) != NULL) {
		find_mark(job);
		send_job(job);
	}
}

/* Ahead of the others, which came later. */
static void ask_again(struct reader_job *job)
{
	if (job->tries >= TRIES_MOST) {
		refuse_job(job, RESULT_UNAVAILABLE);
		return;
	}
	take_job(job);
	job->state = JOB_QUEUED;
	TAILQ_INSERT_HEAD(&job->reader->jobs[JOB_QUEUED], job, next);
	count_job(job, 1);
}

static void read_beside(const struct rows *rows, struct user *beside, struct store_answer *answer)
{
	size_t row;

	if (!reading_row_find(rows, READING_BESIDE, &row))
		return;
	*beside = reading_user(rows, row);
	answer->beside = beside;
}

static void answer_job(struct reader_job *job, const struct rows *rows)
{
	const struct store_question *question = &job->question;
	SCRATCH struct user users[LIMIT_PAGE_MOST], beside;
	struct store_answer answer = {.result = RESULT_OK, .users = users};

	answer.view = head_view_of(job->reader->settings.head, rows);
	if (answer.view == NULL) {
		job->lacks_letters = true;
		ask_again(job);
		return;
	}
	if (question->named != NULL)
		reading_named_read(rows, question, users, &answer);
	else if (question->search == NULL || question->most == 0)
		reading_page_read(rows, question, users, &answer);
	else if (!reading_search_read(rows, question, &job->mark, users, &answer)) {
		ask_again(job);
		return;
	}
	read_beside(rows, &beside, &answer);
	take_job(job);
	job->answered(job->argument, &answer);
	free_reader_job(job);
}

static void on_reading_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct reader_job *job = argument;
	struct reader *reader = job->reader;

	histogram_add(&meters.database.question, histogram_times, uv_hrtime() - job->sent);
	if (job->state == JOB_CANCELLED) {
		take_job(job);
		free_reader_job(job);
	} else if (outcome == LINK_DONE) {
		answer_job(job, rows);
	} else if (outcome == LINK_LOST) {
		ask_again(job);
	} else {
		log_often(reader->settings.log, LOG_ERROR, "question-refused",
			LOG_TEXT("reason", link_said(reader->link)),
			LOG_TEXT("sqlstate", sqlstate));
		refuse_job(job, RESULT_UNAVAILABLE);
	}
	if (!head_reaches(reader->settings.head, 0))
		reader_ask_head(reader);
	reader_jobs_send(reader);
}

static void fail_job(struct reader_job *job)
{
	const struct reader *reader = job->reader;

	take_job(job);
	if (!answer_of_head(reader, &job->question, HEAD_STALE_MS, job->answered, job->argument))
		refuse(job->answered, job->argument, RESULT_UNAVAILABLE);
	free_reader_job(job);
}

void reader_jobs_fail(struct reader *reader)
{
	const enum job_state waiting[] = {JOB_OF_HEAD, JOB_QUEUED};
	struct reader_job *job;

	for (size_t i = 0; i < 2; i++) {
		while ((job = TAILQ_FIRST(&reader->jobs[waiting[i]])) != NULL)
			move_job(job, JOB_DUE);
	}
	while ((job = TAILQ_FIRST(&reader->jobs[JOB_DUE])) != NULL)
		fail_job(job); /* takes it off first. NOLINT(clang-analyzer-unix.Malloc) */
}
