#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "event_loop/worker_pool.h"
#include "store/flat_file/flat_file_store.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/replay.h"
#include "store/index/name_search.h"
#include "store/index/user_index.h"
#include "store/index/user_page.h"
#include "store/pending.h"

/* How often the store looks whether its file is where it belongs, and whether it can be written. */
#define CLIENT_MS 1000

/*
 * Everything here belongs to the loop thread but one thing: while a batch is on its way to the
 * disk, its bytes and the journal belong to the worker. At most one batch, or one probe, is on its
 * way; what is asked for meanwhile becomes the next batch, which is handed over after the poll
 * phase, so that all that arrived in one turn of the loop shares one fdatasync. Then those of the
 * last one are answered.
 */
struct store {
	uv_check_t turn;  /* hands over the next batch */
	uv_idle_t wanted; /* active while there is one: the loop goes on, and does not wait */
	uv_timer_t look;  /* when to look after the file */
	struct worker_job job;
	struct log *log;
	struct journal *journal;
	struct user_index *users;
	struct pending *pending;
	uint64_t max_users;
	uint64_t next_number;
	uint64_t boot; /* tells this run of the program from others */
	char revision[STORE_REVISION_SIZE];
	void (*changed)(void *argument);
	void *changed_argument;
	enum result state; /* RESULT_OK, RESULT_FULL, RESULT_UNAVAILABLE */
	char reason[STORE_REASON_SIZE];
	bool is_to_mend; /* what opening found is not put right yet */

	/* The worker's while is_working. */
	bool is_working;
	bool has_outcome; /* of what the worker has done since the last turn */
	struct buffer lines;
	enum result outcome;
	const char *outcome_reason;

	struct store_create *batch; /* what `lines` holds, oldest first */
	uint64_t batch_end;         /* the number after the last of it */
};

static void on_turn(uv_check_t *turn);
static void on_look_due(uv_timer_t *timer);

static void revise(struct store *store)
{
	snprintf(store->revision, sizeof(store->revision), "%" PRIx64 "-%" PRIx64, store->boot,
		store->next_number);
}

/* uv_idle_cb */
static void on_wanted(uv_idle_t *wanted)
{
	(void)wanted; /* only to be active */
}

/* replay_clash */
static void report_clash(void *argument, const struct user *user, const struct user *holder)
{
	struct store *store = argument;

	log_event(store->log, LOG_WARN, "same-name", LOG_NUMBER("number", user->number),
		LOG_NUMBER("other", holder->number));
}

static void start_handles(struct store *store, uv_loop_t *loop)
{
	/* None of these can fail. They wait for others, so they do not keep the loop alive. */
	uv_check_init(loop, &store->turn);
	uv_idle_init(loop, &store->wanted);
	uv_timer_init(loop, &store->look);
	uv_check_start(&store->turn, on_turn);
	uv_timer_start(&store->look, on_look_due, CLIENT_MS, CLIENT_MS);
	uv_unref((uv_handle_t *)&store->turn);
	uv_unref((uv_handle_t *)&store->look);
	store->turn.data = store;
	store->look.data = store;
}

static void take_state(struct store *store, enum result state, const char *reason)
{
	if (state == store->state && (state == RESULT_OK || strcmp(reason, store->reason) == 0))
		return;
	store->state = state;
	snprintf(store->reason, sizeof(store->reason), "%s", state == RESULT_OK ? "" : reason);
	if (state == RESULT_OK)
		log_event(store->log, LOG_INFO, "store-ready");
	else
		log_event(store->log, LOG_ERROR,
			state == RESULT_FULL ? "store-full" : "store-failed",
			LOG_TEXT("reason", reason));
}

/* Not while the worker has the journal. */
static void report_mending(struct store *store)
{
	const struct mending *mending = journal_mending(store->journal);

	store->is_to_mend = mending_is_due(mending);
	if (store->is_to_mend)
		return;
	if (mending->is_written_anew)
		log_event(store->log, LOG_WARN, "unclean-end", LOG_TEXT("action", "written anew"));
	if (mending->was_unended)
		log_event(store->log, LOG_WARN, "line-feed-missing",
			LOG_TEXT("action", "written anew"));
	if (mending->torn_bytes > 0)
		log_event(store->log, LOG_WARN, "torn-tail",
			LOG_NUMBER("bytes", (uint64_t)mending->torn_bytes),
			LOG_TEXT("saved", mending->torn_copy));
}

static void report_opening(struct store *store, const struct journal_report *report)
{
	report_mending(store);
	if (store->is_to_mend)
		take_state(store, RESULT_UNAVAILABLE, report->reason);
	if (strcmp(report->header.unicode, username_unicode_version()) != 0)
		log_event(store->log, LOG_INFO, "unicode-tables",
			LOG_TEXT("file", report->header.unicode),
			LOG_TEXT("program", username_unicode_version()));
}

/* Reads the users; `store` takes over the directory that they are in. */
static enum result read_users(struct store *store, const struct store_settings *settings,
	char reason[static STORE_REASON_SIZE])
{
	struct replay replay;
	struct journal_report report;

	replay_open(&replay, report_clash, store);
	store->users = replay.users;
	user_index_keep_order(store->users);
	enum result result = journal_open(settings->vfs, settings->directory, settings->lock_wait,
		settings->makes_list, replay_record, &replay, &store->journal, &report);
	if (result != RESULT_OK) {
		snprintf(reason, STORE_REASON_SIZE, "%s", report.reason);
		return result;
	}
	replay_settle(&replay, &report.header);
	store->next_number = replay.next_number;
	report_opening(store, &report);
	return RESULT_OK;
}

enum result store_open(const struct store_settings *settings, struct store **opened,
	char reason[static STORE_REASON_SIZE])
{
	struct store *store = memory_zeroed(sizeof(*store));

	store->log = settings->log;
	store->max_users = settings->max_users;
	/* The clock could be set back; it only stands in where there are no random bytes yet. */
	if (getrandom(&store->boot, sizeof(store->boot), GRND_NONBLOCK) !=
		(ssize_t)sizeof(store->boot))
		store->boot = (uint64_t)timestamp_now();
	store->pending = pending_open();
	enum result result = read_users(store, settings, reason);
	if (result != RESULT_OK) {
		int cause = errno;
		store_close(store);
		errno = cause;
		return result;
	}
	revise(store);
	start_handles(store, settings->loop);
	*opened = store;
	return RESULT_OK;
}

void store_set_max_users(struct store *store, uint64_t max_users)
{
	store->max_users = max_users;
}

void store_renew_revision(struct store *store)
{
	store->boot++;
	revise(store);
}

void store_stop(struct store *store)
{
	uv_close((uv_handle_t *)&store->turn, NULL);
	uv_close((uv_handle_t *)&store->wanted, NULL);
	uv_close((uv_handle_t *)&store->look, NULL);
}

void store_close(struct store *store)
{
	const char *reason;

	if (store == NULL)
		return;
	/* The operator is told once more what the next start may not find. */
	if (store->journal != NULL && journal_check(store->journal, &reason) != RESULT_OK)
		log_event(store->log, LOG_ERROR, "store-closed", LOG_TEXT("reason", reason));
	journal_close(store->journal);
	user_index_close(store->users);
	pending_close(store->pending);
	buffer_free(&store->lines);
	free(store);
}

enum result store_create(struct store *store, const struct username *username,
	store_created *created, void *argument, struct store_create **create, struct user *holder)
{
	/* Not even whether the name is taken is certain before. */
	if (store->is_to_mend)
		return RESULT_UNAVAILABLE;
	if (user_index_find(store->users, username->key, username->key_length, holder))
		return RESULT_TAKEN;
	if (store->state == RESULT_UNAVAILABLE)
		return RESULT_UNAVAILABLE;
	size_t waiting = pending_count(store->pending);
	if (waiting >= LIMIT_PENDING ||
		user_index_count(store->users) + waiting >= store->max_users ||
		store->next_number + waiting > LIMIT_PLACE)
		return RESULT_LIMIT;
	*create = pending_add(store->pending, username, created, argument);
	/* A batch under way keeps the loop alive itself, and its end is followed by a turn. */
	if (!store->is_working)
		uv_idle_start(&store->wanted, on_wanted);
	return RESULT_OK;
}

void store_cancel(struct store *store, struct store_create *create)
{
	pending_cancel(store->pending, create);
}

/* Borrows the name. */
static struct user created_user(const struct store_create *create)
{
	return (struct user){.number = create->number,
		.created = create->time,
		.name = create->name,
		.name_length = create->name_length};
}

/* On the loop thread, after the worker has stored the batch: now it can be seen, all of it before
 * anybody is told of any of it. */
static void publish(struct store *store, const struct store_create *batch)
{
	for (const struct store_create *create = batch; create != NULL; create = create->next) {
		const struct user user = created_user(create);
		user_index_add(store->users, &user, create->key, create->key_length);
	}
	revise(store);
}

static void answer(struct store *store, struct store_create *batch, enum result outcome)
{
	struct store_create *next;

	for (struct store_create *create = batch; create != NULL; create = next) {
		const struct user user = created_user(create);
		next = create->next;
		pending_finish(
			store->pending, create, outcome, outcome == RESULT_OK ? &user : NULL);
	}
}

/* What the worker did has come back. */
static void take_outcome(struct store *store)
{
	store->has_outcome = false;
	if (store->batch != NULL && store->outcome == RESULT_OK)
		store->next_number = store->batch_end;
	if (store->is_to_mend)
		report_mending(store);
	take_state(store, store->outcome, store->outcome_reason);
}

/* worker_job_cb. The rest is done in this turn of the loop, when it has polled. */
static void on_worked(void *argument)
{
	struct store *store = argument;

	store->is_working = false;
	store->has_outcome = true;
}

/* On a worker thread, as the next. */
static void append(void *argument)
{
	struct store *store = argument;

	store->outcome = journal_append(
		store->journal, store->lines.bytes, store->lines.length, &store->outcome_reason);
}

static void probe(void *argument)
{
	struct store *store = argument;

	store->outcome = journal_probe(store->journal, &store->outcome_reason);
}

static void hand_over(struct store *store, worker_job_cb *work)
{
	store->is_working = true;
	store->job = (struct worker_job){.work = work, .done = on_worked, .argument = store};
	worker_pool_run(store->turn.loop, &store->job);
}

/* A batch that is under way looks by itself. */
static void on_look_due(uv_timer_t *timer)
{
	struct store *store = timer->data;

	if (!store->is_working)
		hand_over(store, probe);
}

/* RESULT_LIMIT: there is no way to write the time; RESULT_FULL: memory is short. */
static enum result write_lines(struct store *store, struct store_create *batch)
{
	uint64_t number = store->next_number;
	int64_t now = timestamp_now();

	if (now > TIMESTAMP_LAST)
		return RESULT_LIMIT;
	buffer_clear(&store->lines);
	for (struct store_create *create = batch; create != NULL; create = create->next) {
		create->number = number++;
		create->time = now;
		record_append(&store->lines, &(struct record){.operation = OPERATION_CREATED,
						     .number = create->number,
						     .time = create->time,
						     .name = create->name,
						     .name_length = create->name_length});
	}
	store->batch_end = number;
	return store->lines.failed ? RESULT_FULL : RESULT_OK;
}

/* What has come meanwhile is the next batch. Returns it if it cannot be stored, else NULL. */
static struct store_create *begin_batch(struct store *store, enum result *refusal)
{
	struct store_create *batch = pending_take(store->pending);

	store->batch = NULL;
	if (batch == NULL)
		return NULL;
	*refusal =
		store->state == RESULT_UNAVAILABLE ? RESULT_UNAVAILABLE : write_lines(store, batch);
	if (*refusal != RESULT_OK)
		return batch;
	store->batch = batch;
	hand_over(store, append);
	return NULL;
}

/* The disk has its next batch before the last one is shown and answered: it shall not be idle. */
static void on_turn(uv_check_t *turn)
{
	struct store *store = turn->data;

	uv_idle_stop(&store->wanted);
	if (store->is_working)
		return;
	struct store_create *done = store->batch;
	enum result outcome = store->outcome;
	bool is_changed = done != NULL && outcome == RESULT_OK;
	if (store->has_outcome)
		take_outcome(store);
	enum result refusal = RESULT_OK;
	struct store_create *refused = begin_batch(store, &refusal);
	if (is_changed)
		publish(store, done);
	answer(store, done, outcome);
	answer(store, refused, refusal);
	if (is_changed && store->changed != NULL)
		store->changed(store->changed_argument);
}

/* Why nobody else can be added to a store that is well, or NULL. */
static const char *find_limit(const struct store *store)
{
	if (user_index_count(store->users) >= store->max_users)
		return "there are as many users as there may be";
	if (store->next_number > LIMIT_PLACE)
		return "the last number has been given to a user";
	return timestamp_now() > TIMESTAMP_LAST ? "the clock is past the year 9999" : NULL;
}

enum result store_ready(const struct store *store, const char **reason)
{
	if (store->state != RESULT_OK) {
		*reason = store->reason;
		return store->state;
	}
	*reason = find_limit(store);
	return *reason != NULL ? RESULT_LIMIT : RESULT_OK;
}

void store_watch(struct store *store, void (*changed)(void *argument), void *argument)
{
	store->changed = changed;
	store->changed_argument = argument;
}

uint64_t store_count(const struct store *store)
{
	return user_index_count(store->users);
}

const char *store_revision(const struct store *store)
{
	return store->revision;
}

bool store_user(const struct store *store, uint64_t number, struct user *user)
{
	return user_index_user(store->users, number, user);
}

struct store_page store_page(const struct store *store, enum store_from from, uint64_t number,
	struct user *users, size_t most)
{
	return user_page(store->users, from, number, users, most);
}

struct search_page store_search(
	const struct store *store, const struct search *search, struct user *users, size_t most)
{
	return name_search(store->users, search, users, most);
}
