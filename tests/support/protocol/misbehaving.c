/*
 * The program with routes that do not keep to the rule of one answer for each request. It takes the
 * options of the real one, and uses --listen, and writes the same events.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/memory.h"
#include "event_loop/listener.h"
#include "event_loop/server.h"
#include "fastcgi/codec.h"
#include "http/router.h"
#include "options/options.h"

#define TIMEOUT_MS 60000

struct site {
	uv_loop_t *loop;
};

/* Something that is done to a response in the next turn of the loop. */
struct job {
	uv_idle_t idle;
	struct response *response;
	void (*act)(struct response *response);
};

static void answer(struct response *response, const char *text)
{
	response_header(response, "Content-Type", "text/plain");
	buffer_string(response_body(response), text);
	response_send(response);
}

static void answer_twice(struct response *response)
{
	answer(response, "first\n");
	response_status(response, 404);
	answer(response, "second\n");
}

static void answer_never(struct response *response)
{
	(void)response;
}

static void end_job(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_next_turn(uv_idle_t *idle)
{
	struct job *job = idle->data;

	job->act(job->response);
	response_release(job->response);
	uv_close((uv_handle_t *)idle, end_job);
}

static void do_later(
	struct site *site, struct response *response, void (*act)(struct response *response))
{
	struct job *job = memory_zeroed(sizeof(*job));

	response_hold(response);
	job->response = response;
	job->act = act;
	job->idle.data = job;
	uv_idle_init(site->loop, &job->idle);
	uv_idle_start(&job->idle, on_next_turn);
}

static void twice(struct site *site, struct request *request, struct response *response)
{
	(void)site;
	(void)request;
	answer_twice(response);
}

static void twice_later(struct site *site, struct request *request, struct response *response)
{
	(void)request;
	do_later(site, response, answer_twice);
}

static void never(struct site *site, struct request *request, struct response *response)
{
	(void)site;
	(void)request;
	answer_never(response);
}

static void never_later(struct site *site, struct request *request, struct response *response)
{
	(void)request;
	do_later(site, response, answer_never);
}

static void fine(struct site *site, struct request *request, struct response *response)
{
	(void)site;
	(void)request;
	answer(response, "fine\n");
}

static const struct route twice_route = {.path = "/twice", .get = twice};
static const struct route twice_later_route = {.path = "/twice-later", .get = twice_later};
static const struct route never_route = {.path = "/never", .get = never};
static const struct route never_later_route = {.path = "/never-later", .get = never_later};
static const struct route fine_route = {.path = "/fine", .get = fine};
static const struct route *const routes[] = {
	&twice_route, &twice_later_route, &never_route, &never_later_route, &fine_route, NULL};

static void refuse(struct request *request, struct response *response, unsigned status)
{
	(void)request;
	response_status(response, status);
	answer(response, "refused\n");
}

static void on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	server_stop(signal->data);
	uv_close((uv_handle_t *)signal, NULL);
}

static struct server *open_server(struct server_settings *settings, const char *address)
{
	struct reason reason;
	struct listener listener;
	struct server *server;

	if (listener_create(&listener, address, &reason) != RESULT_OK ||
		server_open(settings, &listener, &server) != RESULT_OK)
		abort();
	log_event(settings->log, LOG_INFO, "ready", LOG_TEXT("address", listener.address));
	log_flush(settings->log);
	return server;
}

static void serve(uv_loop_t *loop, struct log *log, const char *address)
{
	struct site site = {.loop = loop};
	const struct router router = {
		.routes = routes, .site = &site, .log = log, .refuse = refuse};
	struct server_settings settings = {.loop = loop,
		.router = &router,
		.log = log,
		.limits = {.params = LIMIT_PARAMS, .body = LIMIT_BODY, .drain = LIMIT_DRAIN},
		.max_connections = LIMIT_CONNECTIONS,
		.timeouts = {.first = TIMEOUT_MS, .idle = TIMEOUT_MS, .request = TIMEOUT_MS},
		.stop_timeout = TIMEOUT_MS,
		.codec = codec_open()};
	uv_signal_t stop;

	signal(SIGPIPE, SIG_IGN);
	uv_signal_init(loop, &stop);
	uv_signal_start(&stop, on_signal, SIGTERM);
	stop.data = open_server(&settings, address);
	uv_run(loop, UV_RUN_DEFAULT);
	server_close(stop.data);
	codec_close(settings.codec);
}

int main(int count, char **arguments)
{
	struct reason reason;
	struct options options;
	uv_loop_t loop;

	if (options_read(&options, count, arguments, &reason) != OPTIONS_RUN)
		return 2;
	struct log *log = log_open(STDERR_FILENO, LOG_DEBUG);
	uv_loop_init(&loop);
	serve(&loop, log, options.listen);
	int left = uv_loop_close(&loop);
	log_event(log, LOG_INFO, "stopped");
	log_close(log);
	uv_library_shutdown();
	return left == 0 ? 0 : 1;
}
