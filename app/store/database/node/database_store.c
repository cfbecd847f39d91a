/*
 * The store in a database: the reader answers, the writer stores, and the head is what both know of
 * the list. This file puts them together, opens them, and knows whether users can be stored.
 */
#include "store/database/node/database_store.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "base/meters/meters.h"
#include "store/database/database_address.h"
#include "store/database/libpq.h"
#include "store/database/node/head.h"
#include "store/database/node/reader.h"
#include "store/database/node/writer.h"
#include "store/pending.h"
#include "store/store_kind.h"

/* For the first answer of a server; if there is none, the store is opened without. */
#define OPEN_MS 3000

/* The head is asked for each second, at least, and an answer takes 3 s at most. */
#define HEARD_MS 5000

struct database_store {
	struct store store;
	struct log *log;
	struct store_limits limits;
	struct libpq libpq;
	struct database_address address;
	struct head *head;
	struct reader *reader;
	struct writer *writer;
	store_sheet_cb *sheet_changed;
	void *sheet_argument;
	store_changed_cb *changed;
	void *changed_argument;
};

static const struct store_kind database_kind;

static struct database_store *database_of(struct store *store)
{
	return (struct database_store *)store;
}

/* store_sheet_cb of the head */
static void on_head_sheet(void *argument)
{
	struct database_store *database = argument;

	if (database->sheet_changed != NULL)
		database->sheet_changed(database->sheet_argument);
}

/* store_changed_cb of the head, and of the reader */
static void on_head_changed(void *argument)
{
	struct database_store *database = argument;

	meters.disk.users = head_view(database->head)->users;
	if (database->changed != NULL)
		database->changed(database->changed_argument);
}

/* Of the writer. */
static void on_writer_state(void *argument, enum result state, const char *reason)
{
	struct database_store *database = argument;

	meters.disk.is_failing = state != RESULT_OK;
	if (state == RESULT_OK)
		log_event(database->log, LOG_INFO, "store-ready");
	else
		log_event(database->log, LOG_ERROR, "store-failed", LOG_TEXT("reason", reason));
}

/* Opening */

static void open_parts(
	struct database_store *database, const struct database_store_settings *settings)
{
	database->head = head_open(&(struct head_settings){.loop = settings->loop,
		.limits = &database->limits,
		.pages = settings->pages,
		.sheet_changed = on_head_sheet,
		.changed = on_head_changed,
		.argument = database});
	database->reader = reader_open(&(struct reader_settings){.loop = settings->loop,
		.log = settings->log,
		.libpq = &database->libpq,
		.address = &database->address,
		.head = database->head,
		.lets_loop_end = settings->lets_loop_end,
		.fetched = on_head_changed,
		.argument = database});
	database->writer = writer_open(&(struct writer_settings){.loop = settings->loop,
		.log = settings->log,
		.libpq = &database->libpq,
		.address = &database->address,
		.head = database->head,
		.limits = settings->limits,
		.lets_loop_end = settings->lets_loop_end,
		.on_state = on_writer_state,
		.argument = database});
}

/* The time that opening may take. */
struct patience {
	uv_timer_t timer;
	bool is_over;
	bool is_closed;
};

/* uv_timer_cb */
static void on_open_late(uv_timer_t *timer)
{
	struct patience *patience = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	patience->is_over = true;
}

/* uv_close_cb */
static void on_patience_closed(uv_handle_t *timer)
{
	struct patience *patience = timer->data;

	loop_span_begin(PHASE_CLOSE, __func__);
	patience->is_closed = true;
}

/* uv_walk_cb */
static void count_open_handle(uv_handle_t *handle, void *argument)
{
	size_t *count = argument;

	(void)handle;
	++*count;
}

static size_t count_handles(uv_loop_t *loop)
{
	size_t count = 0;

	uv_walk(loop, count_open_handle, &count);
	return count;
}

static enum result wait_for_server(
	struct database_store *database, uv_loop_t *loop, struct reason *reason)
{
	enum result result;
	struct patience patience = {.timer.data = &patience};

	uv_timer_init(loop, &patience.timer);
	uv_timer_start(&patience.timer, on_open_late, OPEN_MS, 0);
	while ((result = reader_state(database->reader, reason)) == RESULT_BUSY &&
		!patience.is_over)
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&patience.timer, on_patience_closed);
	while (!patience.is_closed)
		uv_run(loop, UV_RUN_NOWAIT);
	return result;
}

static void stop_parts(struct database_store *database)
{
	writer_stop(database->writer);
	reader_stop(database->reader);
}

static enum result open_database(struct database_store *database,
	const struct database_store_settings *settings, struct reason *reason)
{
	enum result result = libpq_open(&database->libpq, reason);

	if (result == RESULT_OK)
		result = database_address_parse(&database->libpq, settings->url,
			settings->is_insecure, &database->address, reason);
	if (result != RESULT_OK)
		return result;
	size_t handles = count_handles(settings->loop);
	open_parts(database, settings);
	result = wait_for_server(database, settings->loop, reason);
	if (result == RESULT_OK || result == RESULT_BUSY)
		return RESULT_OK;
	stop_parts(database);
	while (count_handles(settings->loop) > handles)
		uv_run(settings->loop, UV_RUN_ONCE);
	return result;
}

enum result database_store_open(const struct database_store_settings *settings,
	struct store **opened, struct reason *reason)
{
	struct database_store *database = memory_zeroed(sizeof(*database));

	database->store.kind = &database_kind;
	database->log = settings->log;
	database->limits = settings->limits;
	meters.database.is_used = true;
	enum result result = open_database(database, settings, reason);
	if (result == RESULT_OK)
		*opened = &database->store;
	else
		store_close(&database->store);
	return result;
}

const unsigned char *database_store_leave_key(const struct store *store)
{
	return head_leave_key(((const struct database_store *)store)->head);
}

static void database_stop(struct store *store)
{
	stop_parts(database_of(store));
}

static void database_close(struct store *store)
{
	struct database_store *database = database_of(store);

	writer_close(database->writer);
	reader_close(database->reader);
	head_close(database->head);
	database_address_free(&database->address);
	libpq_close(&database->libpq);
	free(database);
}

/* Reading */

static const struct store_view *database_view(struct store *store, uint64_t least)
{
	return reader_view(database_of(store)->reader, least);
}

static uint64_t database_last_seat(struct store *store)
{
	return head_view(database_of(store)->head)->last_seat;
}

static struct store_job *database_ask(struct store *store, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	return reader_ask(database_of(store)->reader, question, answered, argument);
}

static bool database_newer(struct store *store, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	return reader_newer(database_of(store)->reader, position, users, most, news);
}

static enum result database_changes(struct store *store, uint64_t after,
	struct store_change *changes, size_t most, struct store_news *news)
{
	return head_changes(database_of(store)->head, after, changes, most, news);
}

static const struct sheet_settings *database_sheet_settings(struct store *store)
{
	return head_sheet(database_of(store)->head);
}

static void database_watch_sheet(struct store *store, store_sheet_cb *changed, void *argument)
{
	struct database_store *database = database_of(store);

	database->sheet_changed = changed;
	database->sheet_argument = argument;
}

static void database_watch(struct store *store, store_changed_cb *changed, void *argument)
{
	struct database_store *database = database_of(store);

	database->changed = changed;
	database->changed_argument = argument;
}

/* Changing */

/* Not even whether a name is taken could be told of a database with other Unicode tables. */
static enum result check_database(const struct database_store *database)
{
	const char *reason;

	return head_check(database->head, &reason);
}

static enum result database_create(struct store *store, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job, struct user *holder)
{
	struct database_store *database = database_of(store);
	enum result result = check_database(database);

	(void)holder; /* the database alone knows who has a name */
	return result != RESULT_OK
		       ? result
		       : writer_create(database->writer, username, created, argument, job);
}

static enum result database_remove(struct store *store, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job)
{
	struct database_store *database = database_of(store);
	enum result result = check_database(database);

	if (number == 0 || number > LIMIT_PLACE)
		return RESULT_MISSING;
	return result != RESULT_OK
		       ? result
		       : writer_remove(database->writer, number, removed, argument, job);
}

static enum result database_rename(struct store *store, uint64_t number,
	const struct username *username, store_outcome_cb *renamed, void *argument,
	struct store_job **job, struct user *holder)
{
	struct database_store *database = database_of(store);
	enum result result = check_database(database);

	(void)holder;
	if (number == 0 || number > LIMIT_PLACE)
		return RESULT_MISSING;
	return result != RESULT_OK
		       ? result
		       : writer_rename(database->writer, number, username, renamed, argument, job);
}

static enum result database_set_sheet(struct store *store, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job)
{
	struct database_store *database = database_of(store);
	enum result result = check_database(database);

	return result != RESULT_OK
		       ? result
		       : writer_set_sheet(database->writer, changes, set, argument, job);
}

static void database_cancel(struct store *store, struct store_job *job)
{
	struct database_store *database = database_of(store);

	if (job->is_question)
		reader_cancel(job);
	else
		writer_cancel(database->writer, job);
}

static void database_set_limits(struct store *store, const struct store_limits *limits)
{
	struct database_store *database = database_of(store);

	database->limits = *limits;
	writer_set_limits(database->writer, limits);
	head_renew_limits(database->head);
}

static void database_renew_revision(struct store *store, uint64_t pages)
{
	head_renew_revision(database_of(store)->head, pages);
}

/* Who cannot read the list would tell of none that was stored. */
static enum result check_reading(const struct database_store *database, const char **reason)
{
	enum result result = head_check(database->head, reason);

	if (result != RESULT_OK || head_is_heard_of(database->head, HEARD_MS))
		return result;
	*reason = "the database has not told of the list for some seconds";
	return RESULT_UNAVAILABLE;
}

static enum result database_ready(const struct store *store, const char **reason)
{
	const struct database_store *database = (const struct database_store *)store;
	const struct store_view *view = head_view(database->head);
	bool is_known = head_is_known(database->head);
	enum result result =
		is_known ? check_reading(database, reason) : writer_ready(database->writer, reason);

	if (result == RESULT_OK)
		result = is_known ? writer_ready(database->writer, reason)
				  : check_reading(database, reason);
	if (result != RESULT_OK)
		return result;
	*reason = view->users >= database->limits.max_users
			  ? "there are as many users as there may be"
		  : view->last >= LIMIT_PLACE ? "the last number has been given to a user"
					      : NULL;
	return *reason != NULL ? RESULT_LIMIT : RESULT_OK;
}

static const struct store_kind database_kind = {
	.is_shared = true,
	.view = database_view,
	.last_seat = database_last_seat,
	.ask = database_ask,
	.create = database_create,
	.remove = database_remove,
	.rename = database_rename,
	.set_sheet = database_set_sheet,
	.sheet_settings = database_sheet_settings,
	.watch_sheet = database_watch_sheet,
	.cancel = database_cancel,
	.ready = database_ready,
	.newer = database_newer,
	.changes = database_changes,
	.watch = database_watch,
	.set_limits = database_set_limits,
	.renew_revision = database_renew_revision,
	.stop = database_stop,
	.close = database_close,
};
