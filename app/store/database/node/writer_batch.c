/*
 * The way of changes into the database: one batch at a time, sent until its outcome is known. What
 * arrives meanwhile is the next batch, so batches grow as commits get slower.
 *
 *	IDLE --turn--> UNSENT --link--> SENT --outcome--> SETTLED --head has it--> IDLE
 *	                  ^               |
 *	                  '-- not known --'
 *
 * A batch is never given up in doubt: it may have been stored, and then the database says so when
 * it comes again, with the same id. Its callers wait for WRITE_JOB_MS at most. When the database
 * has refused a batch, one without anything in it is tried each second, so that a node finds out
 * that it is well without anybody who tries.
 */
#include "store/database/node/writer_state.h"

#include <string.h>

#include "base/meters/meters.h"
#include "base/random.h"

/* After a refusal that trying again at once would not change. */
#define PAUSE_MS 1000

/* An answer is waited for so long, then twice, then four times: a connection may be dead, or the
 * server slow. */
#define PATIENCE_MS 10000
#define PATIENCES   3

static link_answered_cb on_batch_answered, on_head_behind_answered;

static void take_ids(struct writer *writer)
{
	writer->node = random_number() >> 1;
	writer->batch = random_number() >> 2;
}

void writer_batch_begin(struct writer *writer)
{
	take_ids(writer);
	writer->query = (struct link_query){.answered = on_batch_answered, .argument = writer};
	writer->head_query =
		(struct link_query){.answered = on_head_behind_answered, .argument = writer};
	TAILQ_INIT(&writer->creates);
	write_statements_fill(writer->statements);
}

static void ask_head(struct writer *writer)
{
	struct link_query *query = &writer->head_query;

	query->statement = &writer->statements[WRITE_HEAD];
	query->timeout_ms = PATIENCE_MS;
	parameters_clear(&query->parameters);
	writer->question = head_ask(writer->head, &query->parameters);
	writer->is_asking = true;
	link_send(writer->link, query);
}

/* And behind it the question. */
static void send_batch(struct writer *writer)
{
	unsigned doublings = writer->tries < PATIENCES ? writer->tries : PATIENCES - 1;

	writer->query.timeout_ms = (uint64_t)PATIENCE_MS << doublings;
	meters.database.retries += writer->tries > 0;
	writer->tries++;
	writer->sent = uv_hrtime();
	writer->state = WRITER_SENT;
	link_send(writer->link, &writer->query);
	if (link_is_ready(writer->link))
		ask_head(writer);
}

/* With an id of its own, higher than those before. */
static void make_batch(struct writer *writer)
{
	const struct write_terms terms = {
		.node = writer->node, .batch = ++writer->batch, .limits = &writer->limits};

	if (writer->change != NULL)
		write_change_write(
			writer->change, &writer->query.parameters, &terms, &writer->rows);
	else
		write_creates(&writer->query.parameters, &terms, &writer->creates, &writer->rows);
	writer->query.statement =
		&writer->statements[writer->change != NULL ? writer->change->kind : WRITE_CREATE];
	writer->begun = uv_now(writer->loop);
	writer->tries = 0;
	writer->is_doubtful = false;
	writer->state = WRITER_UNSENT;
}

static void make_change(struct writer *writer)
{
	struct user user;

	writer->change = write_jobs_take_change(writer->jobs);
	writer->count = 1;
	writer->was_change = true;
	if (writer->change->sheet == NULL && head_user(writer->head, writer->change->number, &user))
		write_change_learn(writer->change, &user);
	make_batch(writer);
}

/* Creates and changes take turns. */
static void take_batch(struct writer *writer)
{
	bool has_creates = write_jobs_has_creates(writer->jobs);

	if (write_jobs_has_changes(writer->jobs) && !(has_creates && writer->was_change)) {
		make_change(writer);
	} else if (has_creates || *writer->refusal.text != '\0') {
		writer->count =
			write_jobs_take_creates(writer->jobs, &writer->creates, &writer->rows);
		writer->was_change = false;
		make_batch(writer);
	}
}

/* Nothing is sent behind a question that is under way: what it tells may be asked for once more. */
void writer_batch_proceed(struct writer *writer)
{
	bool can_send = link_is_ready(writer->link) && !writer->is_asking &&
			uv_now(writer->loop) >= writer->not_before;

	if (can_send && writer->state == WRITER_IDLE)
		take_batch(writer);
	if (can_send && writer->state == WRITER_UNSENT)
		send_batch(writer);
	else if (can_send && writer->state == WRITER_SETTLED)
		ask_head(writer);
	meters.disk.under_way = writer->state == WRITER_IDLE ? 0 : writer->count;
	meters.disk.pending = write_jobs_count(writer->jobs) - meters.disk.under_way;
	writer_set_timer(writer);
}

static void pause_sending(struct writer *writer, uint64_t ms)
{
	writer->not_before = uv_now(writer->loop) + ms;
}

/* The head has what is told. */
static void tell_batch(struct writer *writer)
{
	struct write_change *change = writer->change;

	writer->state = WRITER_IDLE;
	writer->change = NULL;
	writer->is_late = false;
	reason_set(&writer->refusal, "%s", "");
	writer_update_readiness(writer);
	writer_wake(writer);
	if (change == NULL) {
		write_jobs_tell_creates(writer->jobs, &writer->creates, &writer->outcomes);
		return;
	}
	const struct write_outcome *outcome = &writer->outcomes.list[0];
	write_jobs_tell_change(writer->jobs, change,
		outcome->is_told ? outcome->result : RESULT_UNAVAILABLE, &outcome->user);
}

/* The user of a change has another name than was known: with that one it can be done. */
static bool has_other_name(const struct writer *writer)
{
	const struct write_outcome *outcome = &writer->outcomes.list[0];

	return writer->change != NULL && outcome->is_told && outcome->result == RESULT_BUSY;
}

static void take_outcomes(struct writer *writer, const struct rows *rows)
{
	histogram_add(&meters.database.batch, histogram_times, uv_hrtime() - writer->sent);
	histogram_add(&meters.disk.batch, histogram_sizes, writer->count);
	meters.disk.batches++;
	write_outcomes_read(&writer->outcomes, rows, writer->change != NULL ? 0 : writer->count);
	writer->state = WRITER_SETTLED;
}

/* Nothing was stored by this try: the server said so. 55000: a later batch of this node is stored,
 * which it has not sent; so it goes on as another node. */
static void refuse_batch(struct writer *writer, const char *sqlstate)
{
	struct write_change *change = writer->change;
	enum result result = writer->is_doubtful ? RESULT_UNKNOWN : RESULT_UNAVAILABLE;

	meters.disk.failed++;
	reason_set(&writer->refusal, "%s (%s)", link_said(writer->link), sqlstate);
	if (strcmp(sqlstate, "55000") == 0)
		take_ids(writer);
	pause_sending(writer, PAUSE_MS);
	writer->state = WRITER_IDLE;
	writer->change = NULL;
	writer_update_readiness(writer);
	if (change != NULL)
		write_jobs_tell_change(writer->jobs, change, result, NULL);
	else
		write_jobs_refuse_creates(writer->jobs, &writer->creates, result);
}

/* It collided with another one: class 40, but for 40003, of which the outcome is not known. */
static bool is_collision(const char *sqlstate)
{
	return strcmp(sqlstate, "40001") == 0 || strcmp(sqlstate, "40P01") == 0;
}

static void on_batch_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct writer *writer = argument;

	writer_wake(writer);
	if (outcome == LINK_DONE) {
		take_outcomes(writer, rows);
	} else if (outcome == LINK_REFUSED && !is_collision(sqlstate)) {
		refuse_batch(writer, sqlstate);
	} else {
		writer->state = WRITER_UNSENT;
		writer->is_doubtful = writer->is_doubtful || outcome == LINK_LOST;
		/* At once, but for what goes wrong again and again. */
		if (writer->tries > 1)
			pause_sending(writer, 10 + random_number() % 190);
	}
}

static void on_head_behind_answered(
	void *argument, enum link_outcome outcome, const struct rows *rows, const char *sqlstate)
{
	struct writer *writer = argument;

	(void)sqlstate;
	writer->is_asking = false;
	writer_wake(writer);
	if (outcome == LINK_REFUSED)
		pause_sending(writer, PAUSE_MS);
	/* If it has to ask for everything, that is another question. */
	if (outcome != LINK_DONE || !head_take(writer->head, rows, &writer->question) ||
		writer->state != WRITER_SETTLED)
		return;
	if (has_other_name(writer) && write_change_is_wanted(writer->change)) {
		write_change_learn(writer->change, &writer->outcomes.list[0].user);
		make_batch(writer);
		return;
	}
	tell_batch(writer);
}

void writer_batch_expire(struct writer *writer)
{
	if (writer->state == WRITER_SETTLED && !has_other_name(writer) &&
		uv_now(writer->loop) >= writer->begun + WRITE_JOB_MS)
		tell_batch(writer);
}

enum result writer_batch_doubt(const struct writer *writer)
{
	bool is_stored = writer->state == WRITER_SETTLED && !has_other_name(writer);

	return writer->state == WRITER_SENT || is_stored || writer->is_doubtful
		       ? RESULT_UNKNOWN
		       : RESULT_UNAVAILABLE;
}

void writer_batch_end(struct writer *writer)
{
	write_jobs_refuse_creates(writer->jobs, &writer->creates, RESULT_UNAVAILABLE);
	if (writer->change != NULL)
		write_jobs_tell_change(writer->jobs, writer->change, RESULT_UNAVAILABLE, NULL);
	write_outcomes_free(&writer->outcomes);
	name_rows_free(&writer->rows);
	parameters_free(&writer->query.parameters);
	parameters_free(&writer->head_query.parameters);
}
