/*
 * Keeps the head up to date. It is asked for ten times a second while somebody looks at the list,
 * else once: no server has to tell a node of changes, and nothing is different on one that cannot.
 */
#include "store/database/node/reader.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "store/database/node/database_statements.h"
#include "store/database/node/reader_state.h"

#define POLL_MS 100
#define IDLE_MS 1000

static link_changed_cb on_reader_link_changed;
static link_answered_cb on_head_answered;
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
	reader->query.argument = reader;
	reader_chunks_begin(reader);
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

void reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	link_close(reader->link);
	reader_jobs_end(reader);
	reader_chunks_end(reader);
	parameters_free(&reader->query.parameters);
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
	reader->settings.fetched(reader->settings.argument); /* those who wait for chunks */
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
	reader_chunks_retry(reader);
}

enum result reader_state(const struct reader *reader, struct reason *reason)
{
	const char *text;

	if (head_is_known(reader->settings.head) &&
		head_check(reader->settings.head, &text) != RESULT_OK)
		return reason_fail(reason, RESULT_UNAVAILABLE, "%s", text);
	if (reader->reason.text[0] != '\0')
		return reason_fail(reason, RESULT_UNAVAILABLE, "%s", reader->reason.text);
	if (link_is_refused(reader->link))
		return reason_fail(reason, RESULT_UNAVAILABLE, "%s", link_reason(reader->link));
	if (!link_is_ready(reader->link) || !head_is_known(reader->settings.head))
		return reason_fail(reason, RESULT_BUSY, "%s", link_reason(reader->link));
	return RESULT_OK;
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

bool reader_newer(struct reader *reader, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	look(reader, READER_FOLLOWS_MS);
	*news = (struct store_news){0};
	if (!head_reaches(reader->settings.head, 0)) {
		reader_ask_head(reader);
		return false;
	}
	return head_newer(reader->settings.head, position, users, most, news) ||
	       reader_chunks_read(reader, position, users, most, news);
}
