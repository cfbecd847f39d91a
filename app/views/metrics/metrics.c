/*
 * All families, in tables as far as they are alike: numbers, histograms, and numbers by a label
 * that has fixed values. Only the requests are left, which have a row for each route, method and
 * status that there has been.
 *
 * Names follow the conventions of Prometheus: base units, and a unit at the end. A name that is in
 * use is not changed: dashboards and alert rules have it.
 */
#include "views/metrics/metrics.h"

#include <stddef.h>

#include "base/decimal.h"
#include "base/meters/loop_span.h"
#include "http/http.h"
#include "http/request.h"

/* Where a family finds what it shows. */
struct number_row {
	struct exposition_family family;
	size_t offset; /* of a uint64_t in the meters */
};

struct switch_row {
	struct exposition_family family;
	size_t offset; /* of a bool */
};

struct histogram_row {
	struct exposition_family family;
	size_t offset; /* of a struct histogram */
	const uint64_t *bounds;
};

struct labelled_row {
	struct exposition_family family;
	size_t offset; /* of an array of uint64_t */
	const char *label;
	const char *const *values;
	size_t count; /* of them */
};

#define COUNTER EXPOSITION_COUNTER
#define GAUGE   EXPOSITION_GAUGE
#define PLAIN   EXPOSITION_PLAIN
#define SECONDS EXPOSITION_SECONDS
#define BYTES   EXPOSITION_BYTES

#define ROWS(table)   (sizeof(table) / sizeof((table)[0]))
#define OF(member)    offsetof(struct meters, member)
#define VALUES(table) (table), ROWS(table)

static const char *const closed_causes[CLOSED_CAUSES] = {[CLOSED_BY_PEER] = "peer",
	[CLOSED_LAST] = "last_response",
	[CLOSED_FOR_ROOM] = "room",
	[CLOSED_DEADLINE] = "deadline",
	[CLOSED_PROTOCOL] = "protocol",
	[CLOSED_ERROR] = "error",
	[CLOSED_NOT_ALLOWED] = "not_allowed"};

static const char *const refused_causes[REFUSED_CAUSES] = {[REFUSED_LIMIT] = "limit",
	[REFUSED_FRAMING] = "framing",
	[REFUSED_CROSS_SITE] = "cross_site",
	[REFUSED_PATH] = "path",
	[REFUSED_MEMORY] = "memory",
	[REFUSED_STORE] = "store",
	[REFUSED_QUEUE] = "queue",
	[REFUSED_STREAMS] = "streams"};

static const char *const sign_up_outcomes[SIGN_UP_OUTCOMES] = {[SIGN_UP_CREATED] = "created",
	[SIGN_UP_TAKEN] = "taken",
	[SIGN_UP_REFUSED] = "refused",
	[SIGN_UP_CLOSED] = "closed",
	[SIGN_UP_FULL] = "full",
	[SIGN_UP_UNAVAILABLE] = "unavailable"};

static const struct number_row number_rows[] = {
	{{GAUGE, PLAIN, "rollcall_users", "Users on the list."}, OF(disk.users)},
	{{GAUGE, BYTES, "rollcall_store_file_bytes", "Size of users.log; 0 with a database."},
		OF(disk.bytes)},
	{{GAUGE, PLAIN, "rollcall_store_changes_waiting",
		 "Creates and other changes that wait for a batch."},
		OF(disk.pending)},
	{{GAUGE, PLAIN, "rollcall_store_changes_writing",
		 "Creates and other changes in the batch that is being stored."},
		OF(disk.under_way)},
	{{COUNTER, PLAIN, "rollcall_store_batches", "Batches that are stored."}, OF(disk.batches)},
	{{COUNTER, PLAIN, "rollcall_store_batches_failed", "Batches that could not be stored."},
		OF(disk.failed)},
	{{COUNTER, SECONDS, "rollcall_store_starved_seconds",
		 "Time in which creates waited while nothing was being stored."},
		OF(disk.starved)},
	{{COUNTER, PLAIN, "rollcall_event_loop_turns", "Turns of the event loop."}, OF(loop.turns)},
	{{COUNTER, SECONDS, "rollcall_event_loop_idle_seconds",
		 "Time that the event loop waited for something to do."},
		OF(loop.idle)},
	{{COUNTER, PLAIN, "rollcall_event_loop_delayed_turns",
		 "Turns of more than 100 ms, which are in the log as loop-delayed."},
		OF(loop.delayed)},
	{{GAUGE, PLAIN, "rollcall_worker_threads", "Threads of the worker pool."},
		OF(pool.threads)},
	{{GAUGE, PLAIN, "rollcall_worker_threads_busy", "Threads that run a job."}, OF(pool.busy)},
	{{GAUGE, PLAIN, "rollcall_worker_jobs_queued", "Jobs that wait for a thread."},
		OF(pool.queued)},
	{{GAUGE, PLAIN, "rollcall_connections", "Connections from the web server."},
		OF(connections.open)},
	{{GAUGE, PLAIN, "rollcall_connections_idle", "Connections without a request."},
		OF(connections.idle)},
	{{GAUGE, PLAIN, "rollcall_connections_limit", "Connections that may be open at once."},
		OF(connections.limit)},
	{{COUNTER, PLAIN, "rollcall_connections_accepted", "Connections that were accepted."},
		OF(connections.accepted)},
	{{COUNTER, PLAIN, "rollcall_accept_pauses",
		 "Times that accepting paused, without descriptors or places."},
		OF(connections.pauses)},
	{{COUNTER, BYTES, "rollcall_received_bytes", "Bytes from the web server."},
		OF(connections.received)},
	{{COUNTER, BYTES, "rollcall_sent_bytes", "Bytes to the web server."}, OF(connections.sent)},
	{{GAUGE, PLAIN, "rollcall_streams", "Live lists that are followed."}, OF(streams.open)},
	{{GAUGE, PLAIN, "rollcall_streams_blocked",
		 "Live lists whose clients have not taken what was sent."},
		OF(streams.blocked)},
	{{GAUGE, PLAIN, "rollcall_streams_limit", "Live lists that may be followed at once."},
		OF(streams.limit)},
	{{COUNTER, PLAIN, "rollcall_streams_begun", "Live lists that were begun."},
		OF(streams.begun)},
	{{COUNTER, PLAIN, "rollcall_stream_parts", "Parts sent to live lists."}, OF(streams.sent)},
	{{COUNTER, BYTES, "rollcall_stream_bytes", "Bytes sent to live lists."}, OF(streams.bytes)},
	{{GAUGE, PLAIN, "rollcall_requests_under_way", "Requests without a whole response."},
		OF(requests.under_way)},
	{{COUNTER, PLAIN, "rollcall_requests_abandoned",
		 "Requests whose clients went away before their responses."},
		OF(requests.abandoned)},
	{{COUNTER, PLAIN, "rollcall_requests_slow",
		 "Requests over --slow-request, which are in the log."},
		OF(requests.slow)},
	{{COUNTER, BYTES, "rollcall_request_bodies_bytes", "Bodies of requests."},
		OF(requests.bodies)},
	{{COUNTER, BYTES, "rollcall_response_bodies_bytes", "Bodies of responses."},
		OF(requests.responses)},
};

static const struct number_row database_number_rows[] = {
	{{GAUGE, PLAIN, "rollcall_database_questions_waiting",
		 "Questions that wait for their turn, or for a server."},
		OF(database.waiting)},
	{{COUNTER, PLAIN, "rollcall_database_connections", "Connections that were made."},
		OF(database.connections)},
	{{COUNTER, PLAIN, "rollcall_database_batches_retried",
		 "Batches that were sent again, since their outcome was not known."},
		OF(database.retries)},
	{{COUNTER, PLAIN, "rollcall_database_questions",
		 "Questions that were sent, but for those that only look for what is new."},
		OF(database.questions)},
};

static const struct switch_row database_switch_rows[] = {
	{{GAUGE, PLAIN, "rollcall_database_connected", "Whether a server takes changes."},
		OF(database.is_connected)},
};

static const struct histogram_row database_histogram_rows[] = {
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_database_batch_seconds",
		 "Time from sending a batch to its answer."},
		OF(database.batch), histogram_times},
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_database_question_seconds",
		 "Time from sending a question to its answer."},
		OF(database.question), histogram_times},
};

static const struct switch_row switch_rows[] = {
	{{GAUGE, PLAIN, "rollcall_store_failing",
		 "Whether the disk, or the database, keeps the store from taking users."},
		OF(disk.is_failing)},
	{{GAUGE, PLAIN, "rollcall_accept_paused", "Whether accepting is paused."},
		OF(connections.is_paused)},
};

static const struct labelled_row labelled_rows[] = {
	{{COUNTER, PLAIN, "rollcall_sign_ups", "Sign-up requests by what became of them."},
		OF(sign_ups.outcomes), "outcome", VALUES(sign_up_outcomes)},
	{{COUNTER, PLAIN, "rollcall_requests_refused",
		 "Requests that were refused, by the reason."},
		OF(requests.refused), "reason", VALUES(refused_causes)},
	{{COUNTER, SECONDS, "rollcall_event_loop_busy_seconds",
		 "Time of the event loop in each phase, without waiting."},
		OF(loop.busy), "phase", loop_phase_names, PHASES},
	{{COUNTER, PLAIN, "rollcall_event_loop_callbacks", "Callbacks that ran in each phase."},
		OF(loop.callbacks), "phase", loop_phase_names, PHASES},
	{{COUNTER, PLAIN, "rollcall_connections_closed", "Connections closed, by the cause."},
		OF(connections.closed), "cause", VALUES(closed_causes)},
};

static const struct histogram_row histogram_rows[] = {
	{{EXPOSITION_HISTOGRAM, PLAIN, "rollcall_store_batch_size",
		 "Creates and other changes in a batch."},
		OF(disk.batch), histogram_sizes},
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_store_write_seconds",
		 "Time to write a batch to the file."},
		OF(disk.write), histogram_times},
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_store_sync_seconds",
		 "Time of fdatasync for a batch."},
		OF(disk.sync), histogram_times},
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_event_loop_turn_seconds",
		 "Time of a turn of the event loop, without waiting."},
		OF(loop.turn), histogram_times},
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_worker_job_wait_seconds",
		 "Time that jobs waited for a thread."},
		OF(pool.waiting), histogram_times},
	{{EXPOSITION_HISTOGRAM, SECONDS, "rollcall_worker_job_run_seconds",
		 "Time that jobs ran on a thread."},
		OF(pool.running), histogram_times},
};

static void write_single(
	struct exposition *exposition, const struct exposition_family *family, uint64_t value)
{
	exposition_family(exposition, family);
	exposition_sample(exposition, NULL, value);
}

static void write_number_rows(struct exposition *exposition, const char *base,
	const struct number_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_single(
			exposition, &rows[i].family, *(const uint64_t *)(base + rows[i].offset));
}

static void write_switch_rows(struct exposition *exposition, const char *base,
	const struct switch_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_single(exposition, &rows[i].family, *(const bool *)(base + rows[i].offset));
}

static void write_labelled_rows(struct exposition *exposition, const char *base)
{
	for (size_t i = 0; i < ROWS(labelled_rows); i++) {
		const struct labelled_row *row = &labelled_rows[i];
		const uint64_t *numbers = (const uint64_t *)(base + row->offset);
		exposition_family(exposition, &row->family);
		for (size_t at = 0; at < row->count; at++)
			exposition_sample(exposition,
				EXPOSITION_LABELS({row->label, row->values[at]}), numbers[at]);
	}
}

static void write_histogram_rows(struct exposition *exposition, const char *base,
	const struct histogram_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct histogram_row *row = &rows[i];
		exposition_family(exposition, &row->family);
		exposition_histogram(exposition, NULL,
			(const struct histogram *)(base + row->offset), row->bounds);
	}
}

/* What was asked for where nothing is, and where there are more routes than the meters have places.
 */
static const char *route_label(const struct metrics_view *view, size_t place)
{
	return place < METERS_ROUTES ? view->routes[place]->path : "none";
}

/* Of each method of a route: the statuses that there have been. */
static void write_statuses(struct exposition *exposition, const char *route, enum method method,
	const uint64_t counts[METERS_STATUSES])
{
	char digits[DECIMAL_LENGTH + 1];

	for (size_t i = 0; i < METERS_STATUSES; i++) {
		if (counts[i] == 0)
			continue;
		digits[decimal_write(http_status_at(i), digits)] = '\0';
		exposition_sample(exposition,
			EXPOSITION_LABELS({"route", route}, {"method", method_name(method)},
				{"status", digits}),
			counts[i]);
	}
}

static void write_requests_of(
	struct exposition *exposition, const struct metrics_view *view, size_t place)
{
	for (size_t i = 0; i < METERS_METHODS; i++)
		write_statuses(exposition, route_label(view, place), (enum method)i,
			view->meters->requests.count[place][i]);
}

static void write_duration_of(
	struct exposition *exposition, const struct metrics_view *view, size_t place)
{
	const struct histogram *duration = &view->meters->requests.duration[place];

	if (histogram_count(duration) > 0)
		exposition_histogram(exposition,
			EXPOSITION_LABELS({"route", route_label(view, place)}), duration,
			histogram_times);
}

typedef void write_route_cb(
	struct exposition *exposition, const struct metrics_view *view, size_t place);

static void for_each_route(
	struct exposition *exposition, const struct metrics_view *view, write_route_cb *write)
{
	for (size_t i = 0; i < METERS_ROUTES && view->routes[i] != NULL; i++)
		write(exposition, view, i);
	write(exposition, view, METERS_ROUTES);
}

static void write_requests(struct exposition *exposition, const struct metrics_view *view)
{
	exposition_family(
		exposition, &(struct exposition_family){COUNTER, PLAIN, "rollcall_requests",
				    "Responses by route, method and status."});
	for_each_route(exposition, view, write_requests_of);
	exposition_family(exposition,
		&(struct exposition_family){EXPOSITION_HISTOGRAM, SECONDS,
			"rollcall_request_duration_seconds",
			"Time from the last byte of a request to the last of its response."});
	for_each_route(exposition, view, write_duration_of);
}

/* What is not among the meters. */
static void write_others(struct exposition *exposition, const struct metrics_view *view)
{
	write_single(exposition,
		&(struct exposition_family){GAUGE, PLAIN, "rollcall_store_ready",
			"Whether users can be stored, as GET /readyz says."},
		view->is_ready);
	write_single(exposition,
		&(struct exposition_family){GAUGE, EXPOSITION_RATIO,
			"rollcall_event_loop_utilization",
			"Share of the time since the scrape before in which the event loop was "
			"not idle."},
		view->utilization);
	write_single(exposition,
		&(struct exposition_family){COUNTER, PLAIN, "rollcall_log_lines_dropped",
			"Lines of the log that were dropped because its reader was slow."},
		view->log_dropped);
}

static void write_handles_of(
	struct exposition *exposition, const struct loop_alive *alive, enum alive_kind kind)
{
	const char *name = alive_kind_name(kind);

	exposition_sample(exposition, EXPOSITION_LABELS({"kind", name}, {"state", "keeping"}),
		alive->handles[kind].keeping);
	exposition_sample(exposition, EXPOSITION_LABELS({"kind", name}, {"state", "watching"}),
		alive->handles[kind].watching);
	exposition_sample(exposition, EXPOSITION_LABELS({"kind", name}, {"state", "inactive"}),
		alive->handles[kind].inactive);
}

/* What keeps the loop alive. */
static void write_loop_alive(struct exposition *exposition, const struct loop_alive *alive)
{
	exposition_family(exposition,
		&(struct exposition_family){GAUGE, PLAIN, "rollcall_event_loop_handles",
			"Handles of the event loop: it runs as long as some keep it alive. Those "
			"that only watch do not."});
	for (unsigned kind = 0; kind < ALIVE_KINDS; kind++)
		write_handles_of(exposition, alive, (enum alive_kind)kind);
	write_single(exposition,
		&(struct exposition_family){GAUGE, PLAIN, "rollcall_event_loop_handles_closing",
			"Handles that are being closed."},
		alive->closing);
	exposition_family(exposition,
		&(struct exposition_family){GAUGE, PLAIN, "rollcall_event_loop_requests",
			"What the event loop waits for: jobs of the pool, and peers that take what "
			"is sent to them."});
	exposition_sample(exposition, EXPOSITION_LABELS({"kind", "job"}), alive->jobs);
	exposition_sample(exposition, EXPOSITION_LABELS({"kind", "write"}), alive->writes);
}

static void write_build(struct exposition *exposition)
{
	exposition_family(exposition, &(struct exposition_family){EXPOSITION_INFO, PLAIN,
					      "rollcall_build", "The program that runs."});
	exposition_sample(exposition, EXPOSITION_LABELS({"version", ROLLCALL_VERSION}), 1);
}

static void write_known(
	struct exposition *exposition, const struct exposition_family *family, uint64_t value)
{
	if (value != 0)
		write_single(exposition, family, value);
}

/* The names that Prometheus' own libraries have for them. */
static void write_process(struct exposition *exposition, const struct process_meters *process)
{
	write_known(exposition,
		&(struct exposition_family){COUNTER, SECONDS, "process_cpu_seconds",
			"Processor time of all threads, of the user and of the system."},
		process->cpu);
	write_known(exposition,
		&(struct exposition_family){
			GAUGE, BYTES, "process_resident_memory_bytes", "Memory that is resident."},
		process->resident);
	write_known(exposition,
		&(struct exposition_family){
			GAUGE, BYTES, "process_virtual_memory_bytes", "Virtual memory."},
		process->virtual);
	write_known(exposition,
		&(struct exposition_family){
			GAUGE, PLAIN, "process_open_fds", "File descriptors that are open."},
		process->descriptors);
	write_known(exposition,
		&(struct exposition_family){
			GAUGE, PLAIN, "process_max_fds", "File descriptors that may be open."},
		process->most_descriptors);
	write_known(exposition,
		&(struct exposition_family){GAUGE, SECONDS, "process_start_time_seconds",
			"When the process started, in seconds since 1970."},
		process->start);
}

static void write_database(struct exposition *exposition, const char *base)
{
	write_number_rows(exposition, base, VALUES(database_number_rows));
	write_switch_rows(exposition, base, VALUES(database_switch_rows));
	write_histogram_rows(exposition, base, VALUES(database_histogram_rows));
}

void metrics_view(
	struct buffer *out, enum exposition_format format, const struct metrics_view *view)
{
	struct exposition exposition = {.out = out, .format = format};
	const char *base = (const char *)view->meters;

	write_build(&exposition);
	write_number_rows(&exposition, base, VALUES(number_rows));
	write_switch_rows(&exposition, base, VALUES(switch_rows));
	write_others(&exposition, view);
	write_labelled_rows(&exposition, base);
	write_histogram_rows(&exposition, base, VALUES(histogram_rows));
	if (view->meters->database.is_used)
		write_database(&exposition, base);
	write_requests(&exposition, view);
	write_loop_alive(&exposition, view->alive);
	write_process(&exposition, view->process);
	exposition_end(&exposition);
}
