/*
 * Accepts connections. libuv accepts one and waits until the server takes it. At the limit of
 * connections, or without a spare descriptor, the server pauses by not taking it. A stop empties
 * the queue of the listening socket first, then lets the connections end.
 */
#include "event_loop/server.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"
#include "event_loop/connection.h"
#include "event_loop/deadline.h"
#include "event_loop/socket.h"

#define BACK_OFF_MS 100

/* A pause is over after this time without a connection that had to wait. */
#define CALM_MS 1000

struct server {
	union socket uv;
	uv_timer_t back_off;      /* runs while descriptors are short */
	uv_timer_t calm;          /* runs while accepting is paused, or was a moment ago */
	struct deadline deadline; /* runs while stopping */
	uv_check_t turn;          /* after every poll while stopping */
	uv_idle_t awake;          /* keeps the poll from waiting while the queue is emptied */
	struct listener listener;
	size_t max_connections;
	uint64_t stop_timeout;
	unsigned stopping; /* turns since server_stop(), 0 before */
	bool has_accepted; /* in this turn */
	bool is_waiting;   /* libuv has accepted a connection that we do not want yet */
	bool is_paused;    /* and the log says so */
	size_t waited;     /* connections since then that had to wait */
	struct connections connections;
};

static void on_connection(uv_stream_t *listener, int status);
static void on_server_turn(uv_check_t *turn);
static void on_connection_closed(void *argument);
static void on_deadline(void *argument);
static bool has_spare_descriptor(const struct server *server);

static int init_handles(struct server *server, uv_loop_t *loop)
{
	int failed = socket_init(&server->uv, loop, server->listener.is_tcp);

	if (failed != 0)
		return failed;
	/* These cannot fail. */
	uv_timer_init(loop, &server->back_off);
	uv_timer_init(loop, &server->calm);
	deadline_begin(&server->deadline, loop, on_deadline, server);
	uv_check_init(loop, &server->turn);
	uv_idle_init(loop, &server->awake);
	uv_unref((uv_handle_t *)&server->turn);
	server->uv.handle.data = server;
	server->back_off.data = server;
	server->calm.data = server;
	server->turn.data = server;
	return 0;
}

static void close_handle(void *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void close_handles(struct server *server)
{
	close_handle(&server->uv.handle);
	close_handle(&server->back_off);
	close_handle(&server->calm);
	deadline_end(&server->deadline, NULL);
	close_handle(&server->turn);
	close_handle(&server->awake);
}

/* libuv keeps a descriptor in reserve for when there is no other. If it could not open that one, a
 * waiting connection would keep the loop busy for ever. */
static int listen_on(struct server *server)
{
	int descriptor = server->listener.descriptor;
	int failed = server->listener.is_tcp ? uv_tcp_open(&server->uv.tcp, descriptor)
					     : uv_pipe_open(&server->uv.pipe, descriptor);

	if (failed == 0)
		failed = uv_listen(&server->uv.stream, LISTENER_BACKLOG, on_connection);
	return failed == 0 && !has_spare_descriptor(server) ? UV_EMFILE : failed;
}

static void change(struct server *server, const struct server_settings *settings)
{
	server->max_connections = settings->max_connections;
	server->stop_timeout = settings->stop_timeout;
	meters.connections.limit = settings->max_connections;
	server->connections.limits = settings->limits;
	server->connections.limits.connections = (unsigned)settings->max_connections;
	server->connections.timeouts = settings->timeouts;
}

enum result server_open(const struct server_settings *settings, const struct listener *listener,
	struct server **opened)
{
	struct server *server = memory_zeroed(sizeof(*server));

	server->listener = *listener;
	change(server, settings);
	server->connections.loop = settings->loop;
	server->connections.codec = settings->codec;
	server->connections.router = settings->router;
	server->connections.log = settings->log;
	server->connections.peers = settings->peers;
	server->connections.on_closed = on_connection_closed;
	server->connections.argument = server;
	errno = -init_handles(server, settings->loop);
	if (errno != 0) {
		free(server);
		return RESULT_SYSTEM;
	}
	int failed = listen_on(server);
	if (failed != 0) {
		close_handles(server);
		uv_run(settings->loop, UV_RUN_NOWAIT);
		free(server);
		errno = -failed;
		return RESULT_SYSTEM;
	}
	*opened = server;
	return RESULT_OK;
}

void server_close(struct server *server)
{
	if (server == NULL)
		return;
	connections_free(&server->connections);
	free(server);
}

/* libuv accepts as long as there are connections; without a spare descriptor it would accept and
 * close them all. So a connection is taken only if there is a spare one. */
static bool has_spare_descriptor(const struct server *server)
{
	int spare = fcntl(server->listener.descriptor, F_DUPFD_CLOEXEC, 0);

	if (spare < 0)
		return false;
	close(spare);
	return true;
}

/* While stopping, every connection in the queue is taken: there are no more than it holds. */
static bool server_is_full(const struct server *server)
{
	return server->stopping == 0 &&
	       (uv_is_active((const uv_handle_t *)&server->back_off) ||
		       server->connections.count >= server->max_connections);
}

static void end_pause(struct server *server)
{
	if (server->is_paused)
		log_event(server->connections.log, LOG_WARN, "accept-resumed",
			LOG_NUMBER("waited", server->waited));
	server->is_paused = false;
	meters.connections.is_paused = false;
	server->waited = 0;
	uv_timer_stop(&server->calm);
}

static void on_calm(uv_timer_t *timer)
{
	struct server *server = timer->data;

	loop_span_begin(PHASE_TIMERS, __func__);
	if (server->is_waiting)
		uv_timer_start(timer, on_calm, CALM_MS, 0);
	else
		end_pause(server);
}

/* Logs the pause once, however many connections have to wait. */
static void pause_accepting(struct server *server, const char *reason)
{
	if (!server->is_paused) {
		log_event(server->connections.log, LOG_WARN, "accept-paused",
			LOG_TEXT("reason", reason),
			LOG_NUMBER("connections", server->connections.count));
		meters.connections.pauses++;
	}
	server->is_paused = true;
	meters.connections.is_paused = true;
	uv_timer_start(&server->calm, on_calm, CALM_MS, 0);
	connections_make_room(&server->connections);
}

static void on_back_off_over(uv_timer_t *timer);

/* Out of descriptors: accepting again at once would only fail again. */
static void back_off(struct server *server, const char *reason)
{
	pause_accepting(server, reason);
	uv_timer_start(&server->back_off, on_back_off_over, BACK_OFF_MS, 0);
}

static void accept_waiting(struct server *server)
{
	if (!has_spare_descriptor(server)) {
		back_off(server, "out of descriptors");
		return;
	}
	server->is_waiting = false;
	if (connection_accept(&server->connections, &server->uv.stream, server->listener.is_tcp) !=
		RESULT_OK)
		back_off(server, "cannot accept");
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct server *server = listener->data;

	loop_span_begin(PHASE_POLL, __func__);
	server->has_accepted = true;
	server->is_waiting = status == 0;
	if (status != 0)
		back_off(server, uv_strerror(status));
	else if (server_is_full(server))
		pause_accepting(server, "connection limit");
	else
		accept_waiting(server);
	server->waited += server->is_waiting;
}

static void take_up_again(struct server *server)
{
	if (server->is_waiting && !server_is_full(server) && !uv_is_closing(&server->uv.handle))
		accept_waiting(server);
}

void server_change(struct server *server, const struct server_settings *settings)
{
	change(server, settings);
	take_up_again(server);
}

static void on_back_off_over(uv_timer_t *timer)
{
	loop_span_begin(PHASE_TIMERS, __func__);
	take_up_again(timer->data);
}

static void end_if_done(struct server *server)
{
	if (uv_is_closing(&server->uv.handle) && server->connections.count == 0)
		close_handles(server);
}

static void on_connection_closed(void *argument)
{
	struct server *server = argument;

	take_up_again(server);
	end_if_done(server);
}

/* deadline_cb */
static void on_deadline(void *argument)
{
	struct server *server = argument;

	log_event(server->connections.log, LOG_WARN, "stop-deadline",
		LOG_NUMBER("connections", server->connections.count));
	connections_close(&server->connections);
}

static void stay_awake(uv_idle_t *idle)
{
	(void)idle;
}

/*
 * Closing a listening socket resets the connections in its queue. So the path goes first, and one
 * more poll takes up all that had connected by then; on_server_turn() does the rest.
 */
void server_stop(struct server *server)
{
	if (server->stopping > 0)
		return;
	server->stopping = 1;
	listener_unlink(&server->listener);
	end_pause(server);
	take_up_again(server);
	uv_idle_start(&server->awake, stay_awake);
	uv_check_start(&server->turn, on_server_turn);
}

static void on_server_turn(uv_check_t *turn)
{
	struct server *server = turn->data;

	if (uv_is_closing(&server->uv.handle))
		return;
	loop_span_begin(PHASE_CHECK, __func__);
	/* Later versions of libuv accept one connection a poll: as long as they come, there may be
	 * more. */
	bool is_emptying = server->has_accepted && server->stopping < LISTENER_BACKLOG;
	server->has_accepted = false;
	if (++server->stopping < 3 || is_emptying)
		return;
	uv_idle_stop(&server->awake);
	uv_close(&server->uv.handle, NULL);
	deadline_set(&server->deadline, uv_now(turn->loop) + server->stop_timeout);
	connections_end(&server->connections);
	end_if_done(server);
}
