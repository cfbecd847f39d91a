/* Settings of streams, and the order in which what goes on is opened and closed. */
#include "site_streams.h"

#include "base/limit.h"
#include "event_loop/loop_watch.h"
#include "event_loop/streams.h"
#include "event_loop/turns.h"
#include "options/ignored_settings.h"
#include "routes/loop/loop_events.h"
#include "routes/user_events.h"
#include "store/store.h"

/* store_changed_cb */
static void on_users_changed(void *argument)
{
	streams_wake(argument);
}

/* However many follow along, as many connections again are for everybody else. */
static size_t stream_limit(
	const struct site *site, const struct options *options, size_t connections)
{
	size_t wanted = (size_t)options->max_streams, most = connections / 2;

	ignored_streams(site->log, options, most);
	return wanted < most ? wanted : most;
}

/* Of the clients that look at the page of the loop, a quarter as many. */
static size_t watcher_limit(size_t streams)
{
	size_t most = streams / 4;

	return most < LIMIT_WATCHERS ? most : LIMIT_WATCHERS;
}

/* `due` is NULL for a source that does not change by the clock. */
static struct streams *open_streams(struct site *site, const struct options *options,
	struct uv_loop_s *loop, size_t most, streams_source_cb *source, streams_due_cb *due)
{
	return streams_open(&(struct streams_settings){.loop = loop,
		.source = source,
		.due = due,
		.argument = site,
		.most = most,
		.heartbeat = (uint64_t)options->heartbeat,
		.sign = user_events_sign,
		.heartbeats = LIMIT_STREAM_BEATS});
}

/* loop_second_cb */
static void on_second_passed(void *argument)
{
	streams_wake(argument);
}

void site_streams_open(struct site *site, const struct options *options, struct uv_loop_s *loop,
	size_t connections)
{
	size_t most = stream_limit(site, options, connections);

	site->streams =
		open_streams(site, options, loop, most, user_events_source, user_events_due);
	site->watchers =
		open_streams(site, options, loop, watcher_limit(most), loop_events_source, NULL);
	site->turns = turns_open(loop);
	site->watch = loop_watch_open(loop, site->log);
	loop_watch_seconds(site->watch, on_second_passed, site->watchers);
	store_watch(site->store, on_users_changed, site->streams);
}

void site_streams_change(struct site *site, const struct options *options, size_t connections)
{
	uint64_t heartbeat = (uint64_t)options->heartbeat;
	size_t most = stream_limit(site, options, connections);

	streams_change(site->streams, most, heartbeat);
	streams_change(site->watchers, watcher_limit(most), heartbeat);
}

void site_streams_stop(struct site *site)
{
	if (site->streams == NULL)
		return;
	streams_end(site->streams);
	streams_end(site->watchers);
	loop_watch_seconds(site->watch, NULL, NULL);
}

void site_streams_end(struct site *site)
{
	turns_end(site->turns);
	loop_watch_end(site->watch);
}

void site_streams_close(struct site *site)
{
	streams_close(site->streams);
	streams_close(site->watchers);
	turns_close(site->turns);
	loop_watch_close(site->watch);
}
