/*
 * A second is the difference of two states of the meters. The older one is kept whole, 2 KB: which
 * of it is needed is then said once, where the difference is taken.
 */
#include "base/meters/minute.h"

#include <string.h>

static const struct second no_second;

static uint64_t sum_of(const uint64_t *numbers, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += numbers[i];
	return sum;
}

static struct meters_mark mark_of(const struct meters *now)
{
	struct meters_mark mark = {.loop = now->loop,
		.pool = now->pool,
		.connections = now->connections,
		.streams = now->streams,
		.sign_ups = now->sign_ups,
		.disk = now->disk,
		.trip_time = now->database.batch.sum};

	for (size_t i = 0; i <= METERS_ROUTES; i++) {
		mark.requests += histogram_count(&now->requests.duration[i]);
		mark.request_time += now->requests.duration[i].sum;
	}
	mark.refused = sum_of(now->requests.refused, REFUSED_CAUSES);
	return mark;
}

static uint64_t longest_of(const struct histogram *before, const struct histogram *now)
{
	size_t bucket = HISTOGRAM_BOUNDS + 1;

	while (bucket > 0 && now->counts[bucket - 1] == before->counts[bucket - 1])
		bucket--;
	if (bucket == 0)
		return 0;
	return bucket <= HISTOGRAM_BOUNDS ? histogram_times[bucket - 1] : UINT64_MAX;
}

static void take_loop(
	struct second *second, const struct loop_meters *before, const struct loop_meters *now)
{
	second->turns = now->turns - before->turns;
	second->longest_turn = longest_of(&before->turn, &now->turn);
	second->delayed = now->delayed - before->delayed;
	second->idle = now->idle - before->idle;
	for (size_t i = 0; i < PHASES; i++) {
		second->busy[i] = now->busy[i] - before->busy[i];
		second->callbacks[i] = now->callbacks[i] - before->callbacks[i];
	}
}

static void take_connections(struct second *second, const struct connection_meters *before,
	const struct connection_meters *now)
{
	second->open = now->open;
	second->resting = now->idle;
	second->most = now->limit;
	second->accepted = now->accepted - before->accepted;
	second->closed = sum_of(now->closed, CLOSED_CAUSES) - sum_of(before->closed, CLOSED_CAUSES);
	second->is_paused = now->is_paused;
}

static void take_pool(
	struct second *second, const struct pool_meters *before, const struct pool_meters *now)
{
	second->threads = now->threads;
	second->threads_busy = now->busy;
	second->jobs_waiting = now->queued;
	second->jobs = histogram_count(&now->running) - histogram_count(&before->running);
	second->jobs_time = now->running.sum - before->running.sum;
}

/* A batch was under way when the second began, and none has come to its end since. */
static uint64_t stuck_for(
	const struct second *second, const struct disk_meters *before, const struct second *last)
{
	bool is_stuck = before->under_way > 0 && second->under_way > 0 && second->batches == 0;

	return is_stuck ? last->stuck + second->length : 0;
}

static void take_disk(struct second *second, const struct disk_meters *before,
	const struct disk_meters *now, const struct second *last)
{
	second->users = now->users;
	second->pending = now->pending;
	second->under_way = now->under_way;
	second->is_failing = now->is_failing;
	second->batches = now->batches - before->batches + now->failed - before->failed;
	second->stored = now->batch.sum - before->batch.sum;
	second->write_time = now->write.sum - before->write.sum;
	second->sync_time = now->sync.sum - before->sync.sum;
	second->stuck = stuck_for(second, before, last);
}

static void take_rest(
	struct second *second, const struct meters_mark *before, const struct meters_mark *now)
{
	second->requests = now->requests - before->requests;
	second->request_time = now->request_time - before->request_time;
	second->refused = now->refused - before->refused;
	second->created = now->sign_ups.outcomes[SIGN_UP_CREATED] -
			  before->sign_ups.outcomes[SIGN_UP_CREATED];
	second->streams = now->streams.open;
	second->streams_blocked = now->streams.blocked;
	second->streams_most = now->streams.limit;
	second->parts = now->streams.sent - before->streams.sent;
}

void minute_begin(struct minute *minute, const struct meters *now, uint64_t clock)
{
	memset(minute, 0, sizeof(*minute));
	minute->sampled = clock;
	minute->mark = mark_of(now);
}

void minute_add(struct minute *minute, const struct meters *now, uint64_t clock)
{
	const struct meters_mark mark = mark_of(now), *before = &minute->mark;
	struct second second = {
		.length = clock - minute->sampled, .requests_under_way = now->requests.under_way};

	take_loop(&second, &before->loop, &mark.loop);
	take_connections(&second, &before->connections, &mark.connections);
	take_pool(&second, &before->pool, &mark.pool);
	take_disk(&second, &before->disk, &mark.disk, minute_at(minute, 0));
	second.is_database = now->database.is_used;
	second.trip_time = mark.trip_time - before->trip_time;
	take_rest(&second, before, &mark);
	minute->seconds[minute->count++ % MINUTE_SECONDS] = second;
	minute->sampled = clock;
	minute->mark = mark;
}

size_t minute_length(const struct minute *minute)
{
	return minute->count < MINUTE_SECONDS ? (size_t)minute->count : MINUTE_SECONDS;
}

const struct second *minute_at(const struct minute *minute, size_t ago)
{
	if (ago >= minute_length(minute))
		return &no_second;
	return &minute->seconds[(minute->count - 1 - ago) % MINUTE_SECONDS];
}
