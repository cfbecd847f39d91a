/* A link as its callers see it, and the end of a connection. The connection's loss is one function,
 * link_lose(), wherever it is noticed: it closes, answers what was under way, and has another try
 * begun. Since callers may not be called back before the function that they called returns, what
 * link_send() notices is told of on the loop's next turn. */
#include "store/database/link.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "store/database/link_state.h"
#include "store/database/refusal.h"

/* uv_timer_cb */
static void on_link_timer(uv_timer_t *timer);

struct link *link_open(const struct link_settings *settings)
{
	struct link *link = memory_zeroed(sizeof(*link));

	link->settings = *settings;
	link->host = settings->address->host_count - 1; /* the next is the first */
	TAILQ_INIT(&link->flights);
	uv_timer_init(settings->loop, &link->timer);
	link->timer.data = link;
	if (settings->lets_loop_end)
		uv_unref((uv_handle_t *)&link->timer);
	link_wake(link, 0);
	return link;
}

bool link_is_ready(const struct link *link)
{
	return link->state == LINK_READY;
}

const char *link_reason(const struct link *link)
{
	return link->reason.text;
}

bool link_is_refused(const struct link *link)
{
	return link->is_refused;
}

const char *link_host(const struct link *link)
{
	return link->host_text.text;
}

const char *link_said(const struct link *link)
{
	return link->said.text;
}

static bool send_query(struct link *link, const struct link_query *query)
{
	const struct libpq *libpq = link->settings.libpq;
	struct parameter_list list;

	if (query->parameters.bytes.failed)
		return false;
	parameters_list(&query->parameters, &list);
	return libpq->PQsendQueryPrepared(link->connection, query->statement->name,
		       query->parameters.count, list.values, list.lengths, list.formats, 1) == 1 &&
	       libpq->PQpipelineSync(link->connection) == 1 && link_flush(link);
}

/* A timer that runs already ends sooner than the new query's time, or is set anew when it does; so
 * a query that is answered in time costs none. */
void link_watch_oldest(struct link *link)
{
	struct link_flight *flight = TAILQ_FIRST(&link->flights);

	if (flight == NULL || link->state != LINK_READY)
		return;
	flight->due = uv_now(link->settings.loop) + flight->timeout;
	if (!uv_is_active((uv_handle_t *)&link->timer) ||
		uv_timer_get_due_in(&link->timer) > flight->timeout)
		link_wake(link, flight->timeout);
}

void link_send(struct link *link, struct link_query *query)
{
	assert(link->state == LINK_READY && query->flight == NULL);
	bool is_sent = send_query(link, query);
	struct link_flight *flight = link_fly(link, FLIGHT_QUERY, query->timeout_ms);

	flight->query = query;
	query->flight = flight;
	if (is_sent) {
		if (flight == TAILQ_FIRST(&link->flights))
			link_watch_oldest(link);
		return;
	}
	link->state = LINK_BROKEN;
	link_wake(link, 0);
}

void link_forget(struct link *link, struct link_query *query)
{
	(void)link;
	if (query->flight != NULL)
		query->flight->query = NULL;
	query->flight = NULL;
}

/* What came meanwhile counts: the program itself may have stood still. */
static void check_oldest(struct link *link)
{
	uint64_t now = uv_now(link->settings.loop);
	const struct link_flight *flight = TAILQ_FIRST(&link->flights);
	struct reason reason;

	if (flight == NULL)
		return;
	if (flight->due > now) {
		link_wake(link, flight->due - now);
		return;
	}
	reason_set(&reason, "no answer within %llu ms", (unsigned long long)flight->timeout);
	link_lose(link, reason.text);
}

static void on_link_timer(uv_timer_t *timer)
{
	struct link *link = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	switch (link->state) {
	case LINK_READY:
		link_receive(link);
		if (link->state == LINK_READY)
			check_oldest(link);
		break;
	case LINK_BROKEN:
		link_lose_by_error(link);
		break;
	default:
		link_time_passed(link);
	}
}

struct link_flight *link_fly(struct link *link, enum flight_kind kind, uint64_t timeout)
{
	struct link_flight *flight = memory_zeroed(sizeof(*flight));

	flight->kind = kind;
	flight->timeout = timeout;
	TAILQ_INSERT_TAIL(&link->flights, flight, next);
	return flight;
}

bool link_flush(struct link *link)
{
	int left = link->settings.libpq->PQflush(link->connection);
	int events = UV_READABLE | (left == 1 ? UV_WRITABLE : 0);

	if (left < 0)
		return false;
	if (events != link->events && uv_poll_start(link->poll, events, link_on_socket) != 0)
		return false;
	link->events = events;
	return true;
}

void link_wake(struct link *link, uint64_t milliseconds)
{
	uv_timer_start(&link->timer, on_link_timer, milliseconds, 0);
}

bool link_poll_open(struct link *link, int events, uv_poll_cb ready)
{
	int socket = link->settings.libpq->PQsocket(link->connection);
	uv_poll_t *poll = memory_zeroed(sizeof(*poll));

	if (socket < 0 || uv_poll_init(link->settings.loop, poll, socket) != 0) {
		free(poll);
		return false;
	}
	poll->data = link;
	if (link->settings.lets_loop_end)
		uv_unref((uv_handle_t *)poll);
	link->poll = poll;
	link->events = events;
	return uv_poll_start(poll, events, ready) == 0;
}

/* uv_close_cb */
static void on_poll_closed(uv_handle_t *poll)
{
	loop_span_begin(PHASE_CLOSE, __func__);
	free(poll);
}

void link_poll_close(struct link *link)
{
	if (link->poll != NULL)
		uv_close((uv_handle_t *)link->poll, on_poll_closed);
	link->poll = NULL;
	link->events = 0;
}

/* The handle goes first: libuv must not be left with a descriptor that is another one by then. */
static void disconnect_link(struct link *link)
{
	link_poll_close(link);
	if (link->connection != NULL)
		link->settings.libpq->PQfinish(link->connection);
	link->connection = NULL;
	link->ended.text[0] = '\0';
}

static void free_flight(struct link *link, struct link_flight *flight)
{
	if (flight->query != NULL)
		flight->query->flight = NULL;
	link->settings.libpq->PQclear(flight->result);
	free(flight);
}

/* The query is the caller's again before the call, which may send it anew. */
void link_answer(struct link *link, struct link_flight *flight, enum link_outcome outcome)
{
	struct link_query *query = flight->query;
	struct rows rows = {.libpq = link->settings.libpq, .result = flight->result};

	flight->query = NULL;
	if (query != NULL) {
		query->flight = NULL;
		query->answered(query->argument, outcome, outcome == LINK_DONE ? &rows : NULL,
			flight->sqlstate);
	}
	free_flight(link, flight);
}

static void log_loss(struct link *link, bool was_ready)
{
	bool is_new = strcmp(link->logged.text, link->reason.text) != 0;

	/* Once a round, and not the same again. */
	if (was_ready || (link->tried == 0 && link->untried == NULL && is_new)) {
		log_often(link->settings.log, LOG_WARN,
			was_ready ? "store-disconnected" : "store-unreachable",
			LOG_TEXT("link", link->settings.is_reader ? "reader" : "writer"),
			LOG_TEXT("host", link->host_text.text),
			LOG_TEXT("reason", link->reason.text));
		link->logged = link->reason;
	}
}

/* libpq names the server where it could not connect, and has hints on further lines. */
static void set_loss(struct link *link, const char *reason)
{
	struct reason loss;
	int length = (int)strcspn(reason, "\n");

	if (strncmp(reason, "connection to server", 20) == 0)
		reason_set(&loss, "%.*s", length, reason);
	else
		reason_set(&loss, "%s: %.*s", link->host_text.text, length,
			length > 0 ? reason : "the connection was lost");
	link->reason = loss;
	link->said = loss;
}

void link_lose(struct link *link, const char *reason)
{
	bool was_ready = link->state == LINK_READY || link->state == LINK_BROKEN;
	struct reason before = link->reason;
	struct link_flight *flight;

	set_loss(link, reason);
	disconnect_link(link);
	link->state = LINK_WAITING;
	link_schedule(link, was_ready);
	log_loss(link, was_ready);
	while ((flight = TAILQ_FIRST(&link->flights)) != NULL) {
		TAILQ_REMOVE(&link->flights, flight, next);
		link_answer(link, flight, LINK_LOST);
	}
	if (link->state != LINK_STOPPED && link->settings.changed != NULL &&
		(was_ready || strcmp(before.text, link->reason.text) != 0))
		link->settings.changed(link->settings.argument);
}

void link_lose_by_error(struct link *link)
{
	const char *said = link->settings.libpq->PQerrorMessage(link->connection);

	link->is_final = link->state == LINK_CONNECTING && refusal_is_final("", said);
	link_lose(link, said);
}

void link_stop(struct link *link)
{
	struct link_flight *flight;

	if (link == NULL || link->state == LINK_STOPPED)
		return;
	link->state = LINK_STOPPED;
	while ((flight = TAILQ_FIRST(&link->flights)) != NULL) {
		TAILQ_REMOVE(&link->flights, flight, next);
		free_flight(link, flight);
	}
	disconnect_link(link);
	link_forget_host(link);
	uv_close((uv_handle_t *)&link->timer, NULL);
}

void link_close(struct link *link)
{
	free(link);
}
