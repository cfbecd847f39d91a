/*
 * The program's parts, in the order in which they need each other: the log, the store, the routes,
 * the codec, the server. The loop runs until nothing is left to do: a stop closes what keeps it
 * alive, and nothing else ends it.
 */
#include "program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include <uv.h>

#include "base/limit.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "commands/exit_status.h"
#include "event_loop/descriptors.h"
#include "event_loop/listener.h"
#include "event_loop/loop_watch.h"
#include "event_loop/server.h"
#include "event_loop/signals.h"
#include "event_loop/systemd.h"
#include "event_loop/worker_pool.h"
#include "fastcgi/codec.h"
#include "http/cgi.h"
#include "http/router.h"
#include "options/ignored_settings.h"
#include "options/reload.h"
#include "routes/admin/import.h"
#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "sheet_options.h"
#include "site_streams.h"
#include "start_failure.h"
#include "store/store.h"
#include "store_place.h"

/* Milliseconds. */
#define LOOP_HOUR 3600000

/* The whole program: everything that lives as long as it does. */
struct program {
	struct options options;
	int count; /* the command line, for reload.h */
	char **arguments;
	struct log *log;
	uv_loop_t loop;
	struct store_place place;
	struct store *store;
	struct site site;
	struct router router;
	struct codec *codec;
	struct server *server;
	struct systemd *systemd;
	struct reload *reload;
	struct signals signals;
	size_t descriptors; /* open at start: as many fewer are for connections */
};

/* What the system could not give. */
static int explain_system(const char *reason)
{
	return explain_start(EX_OSERR, 0, reason);
}

static void say_stopping(const struct program *program, const char *signal)
{
	log_event(program->log, LOG_INFO, "stopping", LOG_TEXT("signal", signal));
	systemd_stopping((uint64_t)program->options.stop_timeout);
}

/* After the first signal the next one has its usual effect: it ends the process at once. */
static void on_stop(void *argument, const char *signal)
{
	struct program *program = argument;

	say_stopping(program, signal);
	program->site.is_stopping = true;
	site_streams_stop(&program->site);
	import_give_up(&program->site);
	server_stop(program->server);
}

static void on_reload(void *argument)
{
	struct program *program = argument;

	reload_begin(program->reload);
}

static int watch_signals(struct program *program)
{
	program->signals =
		(struct signals){.on_stop = on_stop, .on_reload = on_reload, .argument = program};
	return signals_watch(&program->signals, &program->loop)
		       ? 0
		       : explain_system("cannot watch for signals");
}

/* What the options and the store say. The store may not be open yet. */
static void renew_site(struct program *program)
{
	static const struct sheet_settings none;

	site_set_options(&program->site, &program->options,
		program->store != NULL ? store_sheet_settings(program->store) : &none);
}

/* store_sheet_cb */
static void on_sheet_set(void *argument)
{
	struct program *program = argument;

	renew_site(program);
	if (store_place_is_database(&program->options))
		store_place_name(&program->options, program->store, &program->site);
}

static int open_list(struct program *program, bool is_cgi)
{
	program->site = (struct site){.log = program->log, .clock = timestamp_now};
	renew_site(program);
	int failed = store_place_open(&program->place,
		&(struct store_place_settings){.loop = &program->loop,
			.log = program->log,
			.options = &program->options,
			.is_cgi = is_cgi},
		&program->store);
	if (failed != 0)
		return failed;
	program->site.store = program->store;
	store_watch_sheet(program->store, on_sheet_set, program);
	store_place_name(&program->options, program->store, &program->site);
	renew_site(program);
	program->router = (struct router){.routes = all_routes,
		.site = &program->site,
		.log = program->log,
		.origin = program->options.origin,
		.base_path = program->options.base_path,
		.slow = (uint64_t)program->options.slow_request * 1000000,
		.has_timing = program->options.server_timing != 0,
		.refuse = answer_problem};
	return 0;
}

/* Turns the loop until nothing is left to do, then once more for the store's own handles. */
static int run_loop(struct program *program)
{
	uv_run(&program->loop, UV_RUN_DEFAULT);
	systemd_close(program->systemd);
	site_streams_end(&program->site);
	signals_unwatch(&program->signals);
	store_stop(program->store);
	uv_run(&program->loop, UV_RUN_DEFAULT);
	store_close(program->store);
	return 0;
}

/* Without its users the site has one answer to everything. */
static int refuse_cgi(struct program *program, int exits)
{
	struct cgi_outcome outcome = {0};

	program->router = (struct router){
		.site = &program->site, .log = program->log, .refuse = answer_problem};
	router_dispatch(&program->router, cgi_open_refused(503, &outcome));
	return exits;
}

/* uv_timer_cb */
static void on_answer_late(uv_timer_t *timer)
{
	(void)timer;
}

/* A server has connections that keep the loop alive while the store answers later; this has none,
 * and what a store holds may only watch. */
static void wait_for_answer(struct program *program, const struct cgi_outcome *outcome)
{
	uv_timer_t alive;

	uv_timer_init(&program->loop, &alive);
	uv_timer_start(&alive, on_answer_late, LOOP_HOUR, LOOP_HOUR);
	while (!outcome->is_over)
		uv_run(&program->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&alive, NULL);
	uv_run(&program->loop, UV_RUN_NOWAIT);
}

static int answer_cgi(struct program *program)
{
	struct cgi_outcome outcome = {0};

	int exits = open_list(program, true);
	if (exits != 0)
		return refuse_cgi(program, exits);
	router_dispatch(&program->router, cgi_open((size_t)program->options.max_body, &outcome));
	wait_for_answer(program, &outcome);
	run_loop(program);
	return outcome.has_failed ? EX_IOERR : 0;
}

static size_t connection_limit(const struct program *program)
{
	return descriptors_allow(
		program->log, (size_t)program->options.max_connections, program->descriptors);
}

static struct server_settings server_settings(struct program *program, size_t connections)
{
	const struct options *options = &program->options;

	return (struct server_settings){.loop = &program->loop,
		.codec = program->codec,
		.router = &program->router,
		.log = program->log,
		.limits = {.params = (size_t)options->max_params,
			.body = (size_t)options->max_body,
			.drain = LIMIT_DRAIN},
		.max_connections = connections,
		.peers = getenv("FCGI_WEB_SERVER_ADDRS"),
		.timeouts = {.first = (uint64_t)options->first_request_timeout,
			.idle = (uint64_t)options->idle_timeout,
			.request = (uint64_t)options->request_timeout},
		.stop_timeout = (uint64_t)options->stop_timeout};
}

/* The options were read: those that can change while it runs count from now on. */
static void apply_options(void *argument, bool is_other)
{
	struct program *program = argument;
	const struct options *options = &program->options;
	size_t connections = connection_limit(program);
	const struct server_settings settings = server_settings(program, connections);

	log_set_level(program->log, (enum log_level)options->log_level);
	ignored_settings(program->log, options);
	program->router.slow = (uint64_t)options->slow_request * 1000000;
	program->router.has_timing = options->server_timing != 0;
	const struct store_limits limits = store_limits_of(options);
	store_set_limits(program->store, &limits);
	if (is_other)
		store_renew_revision(program->store, site_pages_of(options));
	renew_site(program);
	site_streams_change(&program->site, options, connections);
	server_change(program->server, &settings);
}

static void open_reload(struct program *program)
{
	program->reload = reload_open(&(struct reload_settings){.loop = &program->loop,
		.log = program->log,
		.options = &program->options,
		.count = program->count,
		.arguments = program->arguments,
		.systemd = program->systemd,
		.apply = apply_options,
		.argument = program});
}

static int open_server(struct program *program, const struct listener *listener)
{
	program->descriptors = descriptors_count();
	size_t connections = connection_limit(program);
	const struct server_settings settings = server_settings(program, connections);

	const struct store_view *view = store_view(program->store, 0);
	uint64_t users = view != NULL ? view->users : 0;
	site_streams_open(&program->site, &program->options, &program->loop, connections);
	if (server_open(&settings, listener, &program->server) != RESULT_OK) {
		int error = errno;
		struct reason reason;
		reason_fail_errno(&reason, "cannot accept connections on the listening socket");
		return explain_start(EX_OSERR, error, reason.text);
	}
	log_event(program->log, LOG_INFO, "ready", LOG_TEXT("address", listener->address),
		LOG_NUMBER("users", users));
	program->systemd = systemd_open(&program->loop);
	systemd_ready(program->systemd, listener->address, users);
	systemd_show_load(program->systemd, loop_watch_minute(program->site.watch));
	open_reload(program);
	return 0;
}

static int find_listener(
	const struct program *program, struct listener *listener, bool is_inherited)
{
	struct reason reason;

	if (is_inherited)
		return 0;
	enum result result = listener_create(listener, program->options.listen, &reason);
	if (result != RESULT_OK)
		return explain_start(
			exit_status(result, errno), error_of_result(result), reason.text);
	return 0;
}

static int listen_and_serve(struct program *program, struct listener *listener, bool is_inherited)
{
	int failed = find_listener(program, listener, is_inherited);

	if (failed == 0)
		ignored_for_socket(program->log, &program->options, listener, is_inherited);
	program->codec = codec_open();
	if (failed == 0)
		failed = watch_signals(program);
	if (failed == 0)
		failed = open_server(program, listener);
	if (failed != 0) {
		signals_unwatch(&program->signals);
		site_streams_stop(&program->site);
		listener_unlink(listener);
	}
	return failed;
}

static int run_server(struct program *program, struct listener *listener, bool is_inherited)
{
	worker_pool_start(&program->loop);
	/* First, because one of them may be why it does not start. */
	ignored_settings(program->log, &program->options);
	int failed = open_list(program, false);
	if (failed != 0)
		return failed;
	/* That may have taken long, and it may have been told to stop meanwhile. */
	const char *stop = signals_stop_wanted();
	if (stop != NULL)
		say_stopping(program, stop);
	else
		failed = listen_and_serve(program, listener, is_inherited);
	run_loop(program);
	server_close(program->server);
	site_streams_close(&program->site);
	reload_close(program->reload);
	codec_close(program->codec);
	return failed;
}

static int run_program(struct program *program)
{
	struct listener listener;
	struct reason reason;
	bool is_inherited = listener_inherit(&listener) == RESULT_OK;
	bool is_cgi = !is_inherited && cgi_is_wanted();

	if (!is_cgi && descriptors_suffice(&reason) != RESULT_OK)
		return explain_system(reason.text);
	if (worker_pool_set_size((unsigned)program->options.workers) != RESULT_OK ||
		uv_loop_init(&program->loop) != 0)
		return explain_system("cannot make an event loop");
	program->log = log_open(STDERR_FILENO, (enum log_level)program->options.log_level);
	if (program->log == NULL)
		return explain_system("cannot start a thread for the log");
	int failed = is_cgi ? answer_cgi(program) : run_server(program, &listener, is_inherited);
	page_cache_free(&program->site.home);
	page_cache_free(&program->site.users);

	if (uv_loop_close(&program->loop) != 0)
		log_event(program->log, LOG_ERROR, "loop-not-empty");
	log_end_repeats(program->log);
	if (failed == 0 && !is_cgi)
		log_event(program->log, LOG_INFO, "stopped");
	log_close(program->log);
	uv_library_shutdown();
	return failed;
}

int program_run(const struct options *options, int count, char **arguments)
{
	static struct program program;

	program.options = *options;
	program.count = count;
	program.arguments = arguments;
	return run_program(&program);
}
