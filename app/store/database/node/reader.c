/*
 * Keeps the head up to date. It is asked for ten times a second while somebody looks at the list,
 * else once: no server has to tell a node of changes, and nothing is different on one that cannot.
 * Besides, users of long ago for live lists that are far behind.
 */
#include "store/database/node/reader.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "store/database/node/database_statements.h"
#include "store/database/node/kept_users.h"
#include "store/database/node/reader_state.h"
#include "store/database/node/reading_page.h"

#define POLL_MS 100
#define IDLE_MS 1000

static link_changed_cb on_reader_link_changed;
static link_answered_cb on_head_answered;
static link_answered_cb on_chunk_answered;
static void on_poll(uv_timer_t *timer);

struct reader *reader_open(const struct reader_settings *settings)
{
	struct reader *reader = memory_zeroed(sizeof(*reader));

	reader->settings = *settings;
	for (int i = 0; i < JOB_STATES; i++)
		TAILQ_INIT(&reader->jobs[i]);
	uv_timer_init(settings->loop, &reader->poll);
	reader->poll.data = reader;
	uv_timer_start(&reader->poll, on_poll, POLL_MS, POLL_MS);
	reader_keep_loop(reader);
	reader->away = uv_now(settings->loop) | 1;
	reader->query.argument = reader->chunk.query.argument = reader;
	reader->link = link_open(&(struct link_settings){.loop = settings->loop,
		.log = settings->log,
		.libpq = settings->libpq,
		.address = settings->address,
		.statements = reading_statements,
		.statement_count = READINGS,
		.is_reader = true,
		.lets_loop_end = settings->lets_loop_end,
		.changed = on_reader_link_changed,
		.argument = reader});
	return reader;
}

void reader_stop(struct reader *reader)
{
	link_stop(reader->link);
	uv_close((uv_handle_t *)&reader->poll, NULL);
}

static void drop_chunk(struct reader_chunk *chunk)
{
	while (chunk->count > 0)
		free(chunk->users[--chunk->count]);
	chunk->position = UINT64_MAX;
}

void reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	link_close(reader->link);
	drop_chunk(&reader->chunk);
	parameters_free(&reader->query.parameters);
	parameters_free(&reader->chunk.query.parameters);
	free(reader);
}

/* The head */

bool reader_is_away(const struct reader *reader)
{
	return reader->away != 0 && uv_now(reader->settings.loop) - reader->away >= READER_AWAY_MS;
}

void reader_ask_head(struct reader *reader)
{
	struct link_query *query = &reader->query;

	if (reader->is_asking || !link_is_ready(reader->link))
		return;
	parameters_clear(&query->parameters);
	reader->asked = head_ask(reader->settings.head, &query->parameters);
	reader->is_asking = true;
	reader->order++;
	reader->polled = uv_now(reader->settings.loop);
	query->statement = &reading_statements[READING_HEAD];
	query->timeout_ms = READER_ANSWER_MS;
	query->answered = on_head_answered;
	link_send(reader->link, query);
}

static void on_head_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct reader *reader = argument;

	reader->is_asking = false;
	if (outcome == LINK_DONE) {
		reader->reason.text[0] = '\0';
		if (head_take(reader->settings.head, rows, &reader->asked))
			reader_jobs_take_head(reader, reader->order);
		else
			reader_ask_head(reader);
	} else if (outcome == LINK_REFUSED) {
		reason_set(&reader->reason, "the server refuses to read the list: %s (%s)",
			link_said(reader->link), sqlstate);
		reader_jobs_fail(reader);
	}
}

/* What the new server has may be less than what the last one had. */
static void on_reader_link_changed(void *argument)
{
	struct reader *reader = argument;

	if (!link_is_ready(reader->link)) {
		if (reader->away == 0)
			reader->away = uv_now(reader->settings.loop) | 1;
		return;
	}
	reader->away = 0;
	head_doubt(reader->settings.head);
	reader_ask_head(reader);
	reader_jobs_send(reader);
}

static void on_poll(uv_timer_t *timer)
{
	struct reader *reader = timer->data;
	uint64_t now = uv_now(timer->loop);

	loop_span_begin(PHASE_TIMERS, __func__);
	if (reader_is_away(reader))
		reader_jobs_fail(reader);
	else if (now < reader->looked || now - reader->polled >= IDLE_MS)
		reader_ask_head(reader);
}

enum result reader_state(const struct reader *reader, struct reason *reason)
{
	const char *text;

	if (head_check(reader->settings.head, &text) != RESULT_OK)
		return reason_fail(reason, RESULT_UNAVAILABLE, "%s", text);
	if (reader->reason.text[0] != '\0')
		return reason_fail(reason, RESULT_UNAVAILABLE, "%s", reader->reason.text);
	if (link_is_refused(reader->link))
		return reason_fail(reason, RESULT_UNAVAILABLE, "%s", link_reason(reader->link));
	if (!link_is_ready(reader->link) || !head_is_known(reader->settings.head))
		return reason_fail(reason, RESULT_BUSY, "%s", link_reason(reader->link));
	return RESULT_OK;
}

const char *reader_host(const struct reader *reader)
{
	return link_host(reader->link);
}

static void look(struct reader *reader, uint64_t ms)
{
	uint64_t until = uv_now(reader->settings.loop) + ms;

	if (until > reader->looked)
		reader->looked = until;
}

const struct store_view *reader_view(struct reader *reader, uint64_t least)
{
	const struct head *head = reader->settings.head;
	uint64_t ms = reader->away != 0 ? HEAD_STALE_MS : HEAD_FRESH_MS;

	look(reader, READER_LOOKS_MS);
	return head_is_of(head, ms) && head_reaches(head, least) ? head_view(head) : NULL;
}

/* Live lists */

static void ask_chunk(struct reader *reader, uint64_t position)
{
	struct reader_chunk *chunk = &reader->chunk;
	const struct store_question question = {
		.from = STORE_NEWER_THAN, .number = position, .most = LIMIT_PAGE_MOST};

	if (chunk->is_asked || !link_is_ready(reader->link))
		return;
	drop_chunk(chunk);
	chunk->is_asked = true;
	chunk->position = position;
	parameters_clear(&chunk->query.parameters);
	head_limits_parameters(reader->settings.head, &chunk->query.parameters);
	reading_page_write(&question, &chunk->query.parameters);
	chunk->query.statement = &reading_statements[READING_PAGE];
	chunk->query.timeout_ms = READER_ANSWER_MS;
	chunk->query.answered = on_chunk_answered;
	link_send(reader->link, &chunk->query);
}

static void on_chunk_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct reader *reader = argument;
	struct reader_chunk *chunk = &reader->chunk;

	(void)sqlstate;
	chunk->is_asked = false;
	if (outcome == LINK_DONE) {
		const struct reading_users found = reading_users_find(rows);
		chunk->change = (uint64_t)rows_number(rows, 0, READING_CHANGE);
		chunk->has_more = found.behind > LIMIT_PAGE_MOST;
		while (chunk->count < found.behind && chunk->count < LIMIT_PAGE_MOST) {
			const struct user user = reading_user(rows, found.first + chunk->count);
			chunk->users[chunk->count++] = kept_user_copy(&user);
		}
	} else {
		chunk->position = UINT64_MAX;
	}
	reader->settings.fetched(reader->settings.argument);
}

/* False: it does not have what is wanted. */
static bool read_chunk(const struct reader *reader, uint64_t position, struct user *users,
	size_t most, struct store_news *news)
{
	const struct reader_chunk *chunk = &reader->chunk;

	if (chunk->is_asked || chunk->position != position ||
		chunk->change < head_view(reader->settings.head)->change)
		return false;
	news->count = chunk->count < most ? chunk->count : most;
	news->has_more = chunk->has_more || chunk->count > news->count;
	for (size_t i = 0; i < news->count; i++)
		users[i] = kept_user_of(chunk->users[i]);
	return true;
}

bool reader_newer(struct reader *reader, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	look(reader, READER_FOLLOWS_MS);
	*news = (struct store_news){0};
	if (!head_reaches(reader->settings.head, 0)) {
		reader_ask_head(reader);
		return false;
	}
	if (head_newer(reader->settings.head, position, users, most, news) ||
		read_chunk(reader, position, users, most, news))
		return true;
	ask_chunk(reader, position);
	return false;
}
