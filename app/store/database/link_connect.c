/* Makes the connection. The program goes round hosts and their addresses by itself, with a libpq
 * connection for one address at a time: libpq would look names up blocking, has no time-out but in
 * its blocking functions, and goes to another host only after an error. Then settings and
 * statements are sent in one go, and the link is ready when all of them are answered. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "base/meters/meters.h"
#include "base/random.h"
#include "store/database/link_state.h"

#define ATTEMPT_MS   2000 /* a name's look-up, an address, and what is prepared on it */
#define PAUSE_MS     50   /* after the first round */
#define PAUSE_MOST   1000
#define PAUSE_DOUBLE 5 /* times, at most */

/* Of these, other engines may not know some, so each can fail. Plans: a statement that is prepared
 * while tables are empty must have the plan that is right for millions of users, and there is one
 * such plan, by index (docs/database.md). No number is joined twice, and room to remember them
 * takes as long as the rest of a search among ten million. The server is to notice a node whose
 * machine is gone with half of a batch sent: until then it keeps the state locked, for all nodes.
 */
static const char *const settings_of_each[] = {
	"SET jit = off",
	"SET plan_cache_mode = force_generic_plan",
	"SET enable_seqscan = off",
	"SET enable_hashjoin = off",
	"SET enable_mergejoin = off",
	"SET enable_bitmapscan = off",
	"SET enable_memoize = off",
	"SET lock_timeout = 0",
	"SET idle_in_transaction_session_timeout = '5s'",
	"SET client_connection_check_interval = '2s'",
	"SET tcp_keepalives_idle = 5",
	"SET tcp_keepalives_interval = 2",
	"SET tcp_keepalives_count = 3",
	NULL,
};

/* Never less than a server's disk and its standbys, and no end to the wait for them: a warning says
 * that somebody else has ended it. Batches rely on each statement of a function having a snapshot
 * of its own. None of this may fail. What is set here stays when the server is told of another
 * value. */
static const char *const settings_of_writers[] = {
	"SET statement_timeout = 0",
	"SET client_min_messages = warning",
	"SET default_transaction_isolation = 'read committed'",
	("SELECT set_config('synchronous_commit',"
	 " CASE WHEN current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
	 " THEN 'on' ELSE current_setting('synchronous_commit') END, false)"),
	NULL,
};

static const char *const settings_of_readers[] = {
	"SET statement_timeout = '2s'",
	"SET default_transaction_read_only = on",
	NULL,
};

struct link_lookup {
	uv_getaddrinfo_t request;
	struct link *link; /* NULL: it was given up */
};

static void begin_attempt(struct link *link);

static uint64_t next_pause(const struct link *link)
{
	unsigned times = link->failures < PAUSE_DOUBLE ? link->failures : PAUSE_DOUBLE;
	uint64_t pause = (uint64_t)PAUSE_MS << times;

	if (pause > PAUSE_MOST)
		pause = PAUSE_MOST;
	return pause / 2 + random_number() % (pause / 2 + 1);
}

/* A connection that is lost before it was of use counts as a round: else a server that accepts
 * everybody and serves nobody would be asked without a pause. */
void link_schedule(struct link *link, bool was_ready)
{
	uint64_t pause = 0;

	link->host_refuses = !was_ready && (link->host_refuses || link->is_final);
	link->is_final = false;
	if (was_ready) {
		link_forget_host(link);
		link->tried = 0;
		link->has_hope = false;
		if (link->failures > 0)
			pause = next_pause(link);
		link->failures++;
	} else if (link->untried == NULL) {
		link_forget_host(link);
		link->has_hope = link->has_hope || !link->host_refuses;
		link->host_refuses = false;
		if (++link->tried == link->settings.address->host_count) {
			link->tried = 0;
			link->is_refused = !link->has_hope;
			link->has_hope = false;
			pause = next_pause(link);
			link->failures++;
		}
	}
	link_wake(link, pause);
}

void link_time_passed(struct link *link)
{
	struct reason reason;

	if (link->state == LINK_WAITING) {
		begin_attempt(link);
		return;
	}
	reason_set(&reason, "%s within %d ms",
		link->state == LINK_RESOLVING ? "the name was not found" : "no answer", ATTEMPT_MS);
	link_lose(link, reason.text);
}

/* A look-up that runs cannot be stopped; one that waits for a thread can. */
void link_forget_host(struct link *link)
{
	if (link->lookup != NULL) {
		link->lookup->link = NULL;
		uv_cancel((uv_req_t *)&link->lookup->request);
	}
	link->lookup = NULL;
	uv_freeaddrinfo(link->addresses);
	link->addresses = link->untried = NULL;
}

static bool send_settings(struct link *link, const char *const *settings, enum flight_kind kind)
{
	const struct libpq *libpq = link->settings.libpq;

	for (; *settings != NULL; settings++) {
		if (libpq->PQsendQueryParams(
			    link->connection, *settings, 0, NULL, NULL, NULL, NULL, 1) != 1 ||
			libpq->PQpipelineSync(link->connection) != 1)
			return false;
		link_fly(link, kind, ATTEMPT_MS);
	}
	return true;
}

static bool send_statements(struct link *link)
{
	const struct libpq *libpq = link->settings.libpq;

	for (size_t i = 0; i < link->settings.statement_count; i++) {
		const struct statement *statement = &link->settings.statements[i];
		if (libpq->PQsendPrepare(link->connection, statement->name, statement->sql,
			    statement->parameters, statement->types) != 1 ||
			libpq->PQpipelineSync(link->connection) != 1)
			return false;
		link_fly(link, FLIGHT_STATEMENT, ATTEMPT_MS);
	}
	return true;
}

static void prepare_link(struct link *link)
{
	const struct libpq *libpq = link->settings.libpq;

	link->state = LINK_PREPARING;
	link_wake(link, ATTEMPT_MS);
	if (libpq->PQsetnonblocking(link->connection, 1) != 0 ||
		libpq->PQenterPipelineMode(link->connection) != 1 ||
		!send_settings(link, settings_of_each, FLIGHT_SETTING) ||
		!(link->settings.is_reader
				? send_settings(link, settings_of_readers, FLIGHT_SETTING)
				: send_settings(link, settings_of_writers, FLIGHT_STATEMENT)) ||
		!send_statements(link) || !link_poll_open(link, UV_READABLE, link_on_socket) ||
		!link_flush(link))
		link_lose_by_error(link);
}

void link_prepared(struct link *link)
{
	link->state = LINK_READY;
	link->is_refused = false;
	meters.database.connections++;
	link->reason.text[0] = link->logged.text[0] = '\0';
	uv_timer_stop(&link->timer);
	log_event(link->settings.log, LOG_INFO, "store-connected",
		LOG_TEXT("link", link->settings.is_reader ? "reader" : "writer"),
		LOG_TEXT("host", link->host_text.text));
	if (link->settings.changed != NULL)
		link->settings.changed(link->settings.argument);
}

/* uv_poll_cb. Whatever libuv noticed about the socket, libpq has words for it. */
static void on_connecting(uv_poll_t *poll, int status, int events)
{
	struct link *link = poll->data;
	int wanted = UV_READABLE;

	(void)status;
	(void)events;
	loop_span_begin(PHASE_POLL, __func__);
	link_poll_close(link);
	switch (link->settings.libpq->PQconnectPoll(link->connection)) {
	case PGRES_POLLING_OK:
		prepare_link(link);
		return;
	case PGRES_POLLING_WRITING:
		wanted = UV_WRITABLE;
		break;
	case PGRES_POLLING_READING:
		break;
	default:
		link_lose_by_error(link);
		return;
	}
	if (!link_poll_open(link, wanted, on_connecting))
		link_lose(link, "its socket cannot be watched");
}

/* To the address, or to the host itself, if that is a socket in the file system. */
static void connect_link(struct link *link, const char *numeric)
{
	const struct libpq *libpq = link->settings.libpq;
	struct database_words words;

	database_address_words(link->settings.address, link->host, numeric, &words);
	link->state = LINK_CONNECTING;
	link_wake(link, ATTEMPT_MS);
	link->connection = libpq->PQconnectStartParams(words.keywords, words.values, 0);
	if (link->connection == NULL) {
		link_lose(link, "no memory for a connection");
		return;
	}
	libpq->PQsetNoticeReceiver(link->connection, link_on_notice, link);
	if (libpq->PQstatus(link->connection) == CONNECTION_BAD ||
		!link_poll_open(link, UV_WRITABLE, on_connecting))
		link_lose_by_error(link);
}

static void connect_next_address(struct link *link)
{
	const struct database_host *host = &link->settings.address->hosts[link->host];
	const struct addrinfo *address = link->untried;
	char numeric[NI_MAXHOST];

	link->untried = address->ai_next;
	if (getnameinfo(address->ai_addr, address->ai_addrlen, numeric, sizeof(numeric), NULL, 0,
		    NI_NUMERICHOST) != 0) {
		link_lose(link, "an address that cannot be written");
		return;
	}
	if (strcmp(numeric, host->name) != 0)
		reason_set(&link->host_text, "%s:%s (%s)", host->name, host->port, numeric);
	connect_link(link, numeric);
}

/* uv_getaddrinfo_cb */
static void on_looked_up(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
	struct link_lookup *lookup = request->data;
	struct link *link = lookup->link;

	loop_span_begin(PHASE_POLL, __func__);
	free(lookup);
	if (link == NULL) {
		uv_freeaddrinfo(addresses);
		return;
	}
	link->lookup = NULL;
	link->addresses = link->untried = addresses;
	if (status == 0 && addresses != NULL)
		connect_next_address(link);
	else
		link_lose(link, status != 0 ? uv_strerror(status) : "the name has no address");
}

static void begin_lookup(struct link *link, const struct database_host *host)
{
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = host->address != NULL ? AI_NUMERICHOST : 0,
	};
	struct link_lookup *lookup = memory_zeroed(sizeof(*lookup));

	lookup->request.data = lookup;
	lookup->link = link;
	link->state = LINK_RESOLVING;
	link_wake(link, ATTEMPT_MS);
	int failed = uv_getaddrinfo(link->settings.loop, &lookup->request, on_looked_up,
		host->address != NULL ? host->address : host->name, NULL, &hints);
	if (failed != 0) {
		free(lookup);
		link_lose(link, uv_strerror(failed));
		return;
	}
	link->lookup = lookup;
}

static void begin_attempt(struct link *link)
{
	const struct database_address *address = link->settings.address;

	if (link->untried != NULL) {
		connect_next_address(link);
		return;
	}
	link->host = (link->host + 1) % address->host_count;
	const struct database_host *host = &address->hosts[link->host];
	reason_set(&link->host_text, "%s:%s", host->name, host->port);
	if (host->is_socket)
		connect_link(link, NULL);
	else
		begin_lookup(link, host);
}
