/* All there is to scrape, from meters that the test makes up: each has another value. */
#include "views/metrics/metrics.h"

#include <string.h>

#include "routes/routes.h"
#include "support/test.h"
#include "support/unit/kept_page.h"

static struct meters made_up;
static struct process_meters process;
static struct loop_alive alive;
static uint64_t last;

/* What has members of this type alone. */
static void make_up(uint64_t *numbers, size_t size)
{
	for (size_t i = 0; i < size / sizeof(*numbers); i++)
		numbers[i] = ++last;
}

#define MAKE_UP(member) make_up((uint64_t *)&(member), sizeof(member))

static void make_up_connections(struct connection_meters *connections)
{
	MAKE_UP(connections->open);
	MAKE_UP(connections->idle);
	MAKE_UP(connections->limit);
	MAKE_UP(connections->accepted);
	MAKE_UP(connections->closed);
	MAKE_UP(connections->pauses);
	MAKE_UP(connections->received);
	MAKE_UP(connections->sent);
}

/* Of the first route, the second, and none. */
static void make_up_requests(struct request_meters *requests)
{
	requests->count[0][0][0] = ++last;
	requests->count[0][METERS_METHODS - 1][METERS_STATUSES - 1] = ++last;
	requests->count[1][1][1] = ++last;
	requests->count[METERS_ROUTES][2][2] = ++last;
	MAKE_UP(requests->duration[1]);
	MAKE_UP(requests->duration[METERS_ROUTES]);
	MAKE_UP(requests->under_way);
	MAKE_UP(requests->bodies);
	MAKE_UP(requests->responses);
	MAKE_UP(requests->abandoned);
	MAKE_UP(requests->slow);
	MAKE_UP(requests->refused);
}

static void make_up_disk(struct disk_meters *disk)
{
	MAKE_UP(disk->users);
	MAKE_UP(disk->bytes);
	MAKE_UP(disk->pending);
	MAKE_UP(disk->under_way);
	MAKE_UP(disk->batches);
	MAKE_UP(disk->failed);
	MAKE_UP(disk->batch);
	MAKE_UP(disk->write);
	MAKE_UP(disk->sync);
	MAKE_UP(disk->starved);
}

static void make_up_database(struct database_meters *database)
{
	MAKE_UP(database->waiting);
	MAKE_UP(database->connections);
	MAKE_UP(database->retries);
	MAKE_UP(database->questions);
	MAKE_UP(database->batch);
	MAKE_UP(database->question);
}

static void make_up_all(void)
{
	memset(&made_up, 0, sizeof(made_up));
	last = 0;
	MAKE_UP(made_up.loop);
	MAKE_UP(made_up.pool.threads);
	MAKE_UP(made_up.pool.queued);
	MAKE_UP(made_up.pool.busy);
	MAKE_UP(made_up.pool.waiting);
	MAKE_UP(made_up.pool.running);
	make_up_connections(&made_up.connections);
	MAKE_UP(made_up.streams);
	make_up_requests(&made_up.requests);
	MAKE_UP(made_up.sign_ups);
	make_up_disk(&made_up.disk);
	make_up_database(&made_up.database);
	MAKE_UP(process);
	for (size_t i = 0; i < ALIVE_KINDS; i++) {
		alive.handles[i].keeping = (size_t)++last;
		alive.handles[i].watching = (size_t)++last;
		alive.handles[i].inactive = (size_t)++last;
	}
	alive.closing = (size_t)++last;
	alive.jobs = (size_t)++last;
	alive.writes = (size_t)++last;
}

/* The version is another in each release. */
static void leave_out_version(struct buffer *page)
{
	static const char before[] = "version=\"";

	assert_false(page->failed);
	char *at = (char *)memmem(page->bytes, page->length, before, sizeof(before) - 1);
	assert_non_null(at);
	at += sizeof(before) - 1;
	const char *end = strchr(at, '"');
	memmove(at, end, (size_t)(page->bytes + page->length - end));
	page->length -= (size_t)(end - at);
}

static void expect_metrics(const char *path, enum exposition_format format, bool is_ready)
{
	struct buffer page = {0};

	metrics_view(&page, format,
		&(struct metrics_view){.meters = &made_up,
			.process = &process,
			.alive = &alive,
			.routes = all_routes,
			.is_ready = is_ready,
			.utilization = 123456,
			.log_dropped = 7});
	leave_out_version(&page);
	expect_kept_page(path, &page);
	buffer_free(&page);
}

TEST(a_list_in_a_file)
{
	make_up_all();
	made_up.connections.is_paused = true;
	made_up.database.is_connected = true; /* which does not matter */
	expect_metrics(PAGES "/file.txt", EXPOSITION_TEXT, true);
}

TEST(a_list_in_a_database)
{
	make_up_all();
	made_up.disk.is_failing = true;
	made_up.database.is_used = true;
	expect_metrics(PAGES "/database.txt", EXPOSITION_OPENMETRICS, false);
}

/* What is not known of the process is left out. */
TEST(nothing_yet)
{
	make_up_all();
	made_up = (struct meters){.database = {.is_used = true, .is_connected = true}};
	process = (struct process_meters){0};
	expect_metrics(PAGES "/nothing.txt", EXPOSITION_TEXT, true);
}
