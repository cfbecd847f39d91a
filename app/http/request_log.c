/*
 * The end of a request, for the log and the meters: all of it has been handed to the socket, or its
 * peer has gone.
 */
#include "http/request_log.h"

#include "base/meters/meters.h"
#include "http/http.h"

/* By its route, not by its path: there are as many paths as clients like. */
static void count_outcome(const struct request_outcome *outcome, uint64_t duration)
{
	const struct request *request = outcome->request;
	struct request_meters *requests = &meters.requests;
	size_t route = request_route(request);

	requests->count[route][request_method(request)][http_status_place(outcome->status)]++;
	requests->responses += outcome->bytes;
	if (!outcome->is_endless)
		histogram_add(&requests->duration[route], histogram_times, duration);
}

/* Slow disks and stalls make all requests slow: there may be many at once. */
static void warn_of_slow(const struct request_outcome *outcome, struct log *log, uint64_t now)
{
	const struct request *request = outcome->request;
	const struct request_waits waits = request_times_waits(outcome->times, now);

	meters.requests.slow++;
	log_often(log, LOG_WARN, "slow-request", LOG_TEXT("id", request_id(request)),
		LOG_TEXT("method", request_method_name(request)),
		LOG_TEXT("path", request_path(request)),
		LOG_TEXT("waited", request_waits_longest(&waits)),
		LOG_SECONDS("arriving", waits.arriving), LOG_SECONDS("queue", waits.queue),
		LOG_SECONDS("route", waits.route), LOG_SECONDS("disk", waits.disk),
		LOG_SECONDS("peer", waits.peer));
}

void request_log(const struct request_outcome *outcome, struct log *log, uint64_t slow)
{
	const struct request *request = outcome->request;
	const struct log_field id = LOG_TEXT("id", request_id(request));
	const struct log_field method = LOG_TEXT("method", request_method_name(request));
	const struct log_field path = LOG_TEXT("path", request_path(request));
	const enum log_level level = log_level_of_each(log);
	uint64_t now = meters_clock(), duration = request_times_duration(outcome->times, now);
	const struct log_field seconds = LOG_SECONDS("seconds", duration);

	if (outcome->is_abandoned) {
		meters.requests.abandoned++;
		log_event(log, level, "abandoned", id, method, path, seconds);
	} else {
		count_outcome(outcome, duration);
		log_event(log, level, "request", id, method, path,
			LOG_NUMBER("status", outcome->status), LOG_NUMBER("bytes", outcome->bytes),
			seconds);
	}
	if (slow > 0 && now - outcome->times->began > slow && !outcome->is_endless)
		warn_of_slow(outcome, log, now);
}
