/*
 * GET /metrics: what the program counts and measures of itself, for Prometheus and what reads the
 * same. It is in the format that the client prefers; one that accepts neither gets the older, which
 * every one of them reads.
 */
#include "views/metrics/metrics.h"
#include "base/log.h"
#include "base/meters/process_meters.h"
#include "http/accept_header.h"
#include "routes/answer.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"

/* Names are plain whatever a client wants escaped, so each of its wishes is fulfilled. */
#define ANY_ESCAPING "; escaping=allow-utf-8; escaping=underscores; escaping=dots; escaping=values"

static const char *const format_offers[] = {
	[EXPOSITION_TEXT] = "text/plain; version=0.0.4" ANY_ESCAPING,
	[EXPOSITION_OPENMETRICS] = "application/openmetrics-text; version=1.0.0" ANY_ESCAPING,
};

static const char *const format_types[] = {
	[EXPOSITION_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
	[EXPOSITION_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

static void get_metrics(struct site *site, struct request *request, struct response *response)
{
	enum exposition_format format = (enum exposition_format)accept_header_choose(
		request_param(request, "HTTP_ACCEPT"), format_offers, 2);
	struct process_meters process;
	struct loop_alive alive;
	const char *reason;

	process_meters_read(&process);
	loop_watch_alive(site->watch, &alive);
	metrics_view(response_body(response), format,
		&(struct metrics_view){.meters = &meters,
			.process = &process,
			.alive = &alive,
			.routes = all_routes,
			.is_ready = store_ready(site->store, &reason) == RESULT_OK,
			.utilization = utilization_since(&site->scraped, &meters.loop),
			.log_dropped = log_dropped(site->log)});
	response_header(response, "Content-Type", format_types[format]);
	response_header(response, "Cache-Control", "no-cache");
	response_header(response, "Vary", "Accept");
	response_send(response);
}

const struct route metrics_route = {.path = "/metrics", .get = get_metrics};
