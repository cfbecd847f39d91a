/*
 * Callers, and what they have to wait for: when they are told that they have waited long enough,
 * and what readiness is. The batch itself is in writer_batch.c.
 */
#include "store/database/node/writer_state.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "base/meters/meters.h"

/* Without a server for so long, nobody waits for one any more. */
#define AWAY_MS 2000

static link_changed_cb on_link_changed;
static void on_writer_turn(uv_check_t *turn);
static void on_writer_timer(uv_timer_t *timer);

struct writer *writer_open(const struct writer_settings *settings)
{
	struct writer *writer = memory_zeroed(sizeof(*writer));

	writer->loop = settings->loop;
	writer->log = settings->log;
	writer->head = settings->head;
	writer->limits = settings->limits;
	writer->on_state = settings->on_state;
	writer->argument = settings->argument;
	writer->jobs = write_jobs_open();
	writer->away_since = uv_now(settings->loop);
	writer_batch_begin(writer);
	uv_idle_init(writer->loop, &writer->awake); /* none of the three can fail */
	uv_check_init(writer->loop, &writer->turn);
	uv_timer_init(writer->loop, &writer->timer);
	writer->turn.data = writer->timer.data = writer;
	writer->link = link_open(&(struct link_settings){.loop = writer->loop,
		.log = writer->log,
		.libpq = settings->libpq,
		.address = settings->address,
		.statements = writer->statements,
		.statement_count = WRITES,
		.lets_loop_end = settings->lets_loop_end,
		.changed = on_link_changed,
		.argument = writer});
	writer_set_timer(writer);
	return writer;
}

static void on_writer_awake(uv_idle_t *awake)
{
	(void)awake; /* it keeps the poll phase from waiting */
}

void writer_wake(struct writer *writer)
{
	if (writer->state == WRITER_STOPPED)
		return;
	uv_idle_start(&writer->awake, on_writer_awake);
	uv_check_start(&writer->turn, on_writer_turn);
}

static void on_writer_turn(uv_check_t *turn)
{
	struct writer *writer = turn->data;

	loop_span_begin(PHASE_CHECK, __func__);
	uv_idle_stop(&writer->awake);
	uv_check_stop(turn);
	writer_batch_proceed(writer);
}

static void on_link_changed(void *argument)
{
	struct writer *writer = argument;
	bool is_ready = link_is_ready(writer->link);

	if (is_ready)
		head_doubt(writer->head); /* it may be another server */
	else if (writer->was_ready)
		writer->away_since = uv_now(writer->loop);
	writer->was_ready = is_ready;
	writer_update_readiness(writer);
	writer_wake(writer);
}

static void find_reason(const struct writer *writer, uint64_t now, struct reason *reason)
{
	*reason = (struct reason){.text = ""};
	if (!link_is_ready(writer->link) && now - writer->away_since >= AWAY_MS)
		reason_set(
			reason, "no database server takes changes: %s", link_reason(writer->link));
	else if (*writer->refusal.text != '\0')
		reason_set(reason, "the database refuses changes: %s", writer->refusal.text);
	else if (writer->is_late && writer->state != WRITER_IDLE)
		reason_set(reason, "the database does not confirm changes");
}

void writer_update_readiness(struct writer *writer)
{
	struct reason reason;

	find_reason(writer, uv_now(writer->loop), &reason);
	enum result ready = *reason.text == '\0' ? RESULT_OK : RESULT_UNAVAILABLE;
	meters.database.is_connected = link_is_ready(writer->link);
	writer->reason = reason;
	if (ready == writer->ready)
		return;
	writer->ready = ready;
	if (writer->on_state != NULL)
		writer->on_state(writer->argument, ready, writer->reason.text);
}

static uint64_t earlier_of(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* For what comes first. It keeps the loop alive for callers that wait, and for a batch on its way,
 * but not for ever. */
void writer_set_timer(struct writer *writer)
{
	uint64_t now = uv_now(writer->loop), due = UINT64_MAX;
	uint64_t oldest = write_jobs_oldest(writer->jobs, UINT64_MAX);
	bool is_on_its_way = writer->state != WRITER_IDLE && now < writer->begun + WRITE_JOB_MS;

	if (oldest != UINT64_MAX)
		due = oldest + WRITE_JOB_MS;
	if (is_on_its_way)
		due = earlier_of(due, writer->begun + WRITE_JOB_MS);
	if (writer->not_before > now)
		due = earlier_of(due, writer->not_before);
	if (!writer->was_ready && writer->ready == RESULT_OK)
		due = earlier_of(due, writer->away_since + AWAY_MS);
	if (due == UINT64_MAX && !writer->is_due)
		uv_timer_stop(&writer->timer);
	else if (!writer->is_due) /* else it rings in a moment */
		uv_timer_start(&writer->timer, on_writer_timer, due > now ? due - now : 0, 0);
	if (oldest != UINT64_MAX || is_on_its_way)
		uv_ref((uv_handle_t *)&writer->timer);
	else
		uv_unref((uv_handle_t *)&writer->timer);
}

/* Timers run before the poll phase: after a stall, the answer may lie in the socket. */
static void on_writer_timer(uv_timer_t *timer)
{
	struct writer *writer = timer->data;
	uint64_t now = uv_now(writer->loop);

	loop_span_begin(PHASE_TIMERS, __func__);
	if (!writer->is_due) {
		writer->is_due = true;
		uv_timer_start(timer, on_writer_timer, 1, 0);
		return;
	}
	writer->is_due = false;
	writer_batch_expire(writer);
	if (write_jobs_expire(writer->jobs, now, writer_batch_doubt(writer)) > 0)
		writer->is_late = true;
	writer_update_readiness(writer);
	writer_batch_proceed(writer);
}

/* Whether something can be begun. Afterwards it is sent in this turn. */
static enum result check_writer(struct writer *writer)
{
	if (writer->ready != RESULT_OK)
		return writer->ready;
	if (write_jobs_count(writer->jobs) >= LIMIT_PENDING)
		return RESULT_LIMIT;
	writer_wake(writer);
	return RESULT_OK;
}

enum result writer_create(struct writer *writer, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job)
{
	enum result result = check_writer(writer);

	if (result == RESULT_OK)
		*job = write_jobs_create(
			writer->jobs, username, created, argument, uv_now(writer->loop));
	return result;
}

enum result writer_remove(struct writer *writer, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job)
{
	enum result result = check_writer(writer);

	if (result == RESULT_OK)
		*job = write_jobs_change(
			writer->jobs, number, NULL, removed, argument, uv_now(writer->loop));
	return result;
}

enum result writer_rename(struct writer *writer, uint64_t number, const struct username *username,
	store_outcome_cb *renamed, void *argument, struct store_job **job)
{
	enum result result = check_writer(writer);

	if (result == RESULT_OK)
		*job = write_jobs_change(
			writer->jobs, number, username, renamed, argument, uv_now(writer->loop));
	return result;
}

enum result writer_set_sheet(struct writer *writer, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job)
{
	enum result result = check_writer(writer);

	if (result == RESULT_OK)
		result = write_jobs_sheet(
			writer->jobs, changes, set, argument, uv_now(writer->loop), job);
	return result;
}

void writer_cancel(struct writer *writer, struct store_job *job)
{
	write_jobs_cancel(writer->jobs, job);
}

void writer_set_limits(struct writer *writer, const struct store_limits *limits)
{
	writer->limits = *limits;
}

enum result writer_ready(const struct writer *writer, const char **reason)
{
	*reason = writer->reason.text;
	return writer->ready;
}

void writer_stop(struct writer *writer)
{
	writer->state = WRITER_STOPPED;
	link_stop(writer->link);
	uv_close((uv_handle_t *)&writer->awake, NULL);
	uv_close((uv_handle_t *)&writer->turn, NULL);
	uv_close((uv_handle_t *)&writer->timer, NULL);
}

void writer_close(struct writer *writer)
{
	if (writer == NULL)
		return;
	link_close(writer->link);
	writer_batch_end(writer);
	write_jobs_close(writer->jobs);
	free(writer);
}
