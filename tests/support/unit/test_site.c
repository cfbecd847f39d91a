#include "support/unit/test_site.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "event_loop/loop_watch.h"
#include "routes/answer.h"
#include "routes/routes.h"
#include "store/flat_file/flat_file_store.h"
#include "support/test.h"
#include "support/unit/late_store.h"

#define MOST_USERS 100000

static int64_t time_now;

void test_site_set_time(int64_t time)
{
	time_now = time;
}

static int64_t tell_time(void)
{
	return time_now;
}

static void open_store(struct test_site *site)
{
	struct reason reason = {0};
	struct flat_file_store_settings settings = {.loop = &site->loop,
		.log = site->log.log,
		.vfs = fake_disk_table(site->disk),
		.directory = site->directory.path,
		.limits = {.max_users = MOST_USERS}};

	if (flat_file_store_open(&settings, &site->store, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	if (site->is_late)
		site->late = late_store_open(site->store, &site->loop, site->seed);
	site->site.store = site->is_late ? site->late : site->store;
}

static void close_store(struct test_site *site)
{
	if (site->is_late)
		store_stop(site->late);
	store_stop(site->store);
	uv_run(&site->loop, UV_RUN_DEFAULT);
	if (site->is_late)
		store_close(site->late);
	store_close(site->store);
}

static uint64_t find_seed(void)
{
	const char *given = getenv("TEST_SEED");
	uint64_t seed = 0;

	if (given != NULL)
		assert_true(decimal_read(given, &seed));
	else
		assert_int_equal(getrandom(&seed, sizeof(seed), 0), sizeof(seed));
	print_message("TEST_STORE=late TEST_SEED=%" PRIu64 "\n", seed);
	return seed;
}

static void open_site(struct test_site *site, bool is_late)
{
	*site = (struct test_site){.disk = fake_disk_open(vfs_posix()), .is_late = is_late};
	if (is_late)
		site->seed = find_seed();
	assert_int_equal(uv_loop_init(&site->loop), 0);
	assert_int_equal(uv_idle_init(&site->loop, &site->awake), 0);
	captured_log_open(&site->log, LOG_DEBUG);
	temporary_directory_make(&site->directory);
	site->site.sheet.text = (struct sheet_text){.title = "Sign-up sheet",
		.intro = "",
		.contact = "",
		.privacy = "",
		.style = "",
		.base_path = ""};
	site->site.sheet.most_users = MOST_USERS;
	site->site.option_sheet = site->site.sheet;
	site->site.page_size = 50;
	site->site.log = site->log.log;
	site->site.print_size = LIMIT_PRINT;
	site->site.clock = tell_time;
	test_site_set_time(timestamp_now());
	open_store(site);
	site->site.watch = loop_watch_open(&site->loop, site->log.log);
	site->router = (struct router){.routes = all_routes,
		.site = &site->site,
		.log = site->log.log,
		.refuse = answer_problem};
}

void test_site_open(struct test_site *site)
{
	const char *kind = getenv("TEST_STORE");

	open_site(site, kind != NULL && strcmp(kind, "late") == 0);
}

void test_site_open_late(struct test_site *site)
{
	open_site(site, true);
}

void test_site_close(struct test_site *site)
{
	uv_close((uv_handle_t *)&site->awake, NULL);
	loop_watch_end(site->site.watch);
	close_store(site);
	loop_watch_close(site->site.watch);
	page_cache_free(&site->site.home);
	page_cache_free(&site->site.users);
	assert_int_equal(uv_loop_close(&site->loop), 0);
	fake_disk_close(site->disk);
	captured_log_close(&site->log);
	temporary_directory_remove(&site->directory);
}

int test_site_set_up(void **state)
{
	struct test_site *site = memory_zeroed(sizeof(*site));

	test_site_open(site);
	*state = site;
	return 0;
}

int test_site_tear_down(void **state)
{
	test_site_close(*state);
	free(*state);
	return 0;
}

void test_site_restart(struct test_site *site)
{
	close_store(site);
	open_store(site);
}

struct memory_gateway *test_site_begin(
	struct test_site *site, const struct memory_request *request, struct response **response)
{
	struct memory_gateway *memory = memory_gateway_open(request);
	struct response *pending = router_dispatch(&site->router, memory_gateway_of(memory));
	memory_gateway_forget(memory);

	if (response != NULL)
		*response = pending;
	return memory;
}

static void stay_awake(uv_idle_t *idle)
{
	(void)idle;
}

/* The store waits for others to keep the loop alive, as the server does. */
void test_site_turn(struct test_site *site)
{
	uv_idle_start(&site->awake, stay_awake);
	uv_run(&site->loop, UV_RUN_NOWAIT);
	uv_idle_stop(&site->awake);
}

void test_site_settle(struct test_site *site)
{
	test_site_turn(site);
	uv_run(&site->loop, UV_RUN_DEFAULT);
}

struct memory_gateway *test_site_ask(struct test_site *site, const struct memory_request *request)
{
	struct memory_gateway *memory = test_site_begin(site, request, NULL);

	if (memory_gateway_responds(memory) == 0)
		test_site_settle(site);
	assert_int_equal(memory_gateway_responds(memory), 1);
	return memory;
}

struct memory_gateway *test_site_get(struct test_site *site, const char *path, const char *query)
{
	return test_site_ask(
		site, &(struct memory_request){.method = "GET", .path = path, .query = query});
}

void test_site_expect_first_byte(
	struct test_site *site, const char *path, const char *query, char byte)
{
	struct memory_gateway *memory = test_site_get(site, path, query);

	assert_int_equal(memory_gateway_status(memory), 200);
	assert_int_equal(*memory_gateway_body(memory), byte);
	memory_gateway_close(memory);
}

void test_site_expect_kept(struct test_site *site, const char *path, struct page_cache *kept)
{
	test_site_set_time(120000);
	test_site_expect_first_byte(site, path, NULL, '<');
	*kept->body.bytes = '#';
	test_site_expect_first_byte(site, path, NULL, '#');
	test_site_set_time(180000);
	test_site_expect_first_byte(site, path, NULL, '<');
	*kept->body.bytes = '#';
	assert_int_equal(test_site_create(site, "username=Ada"), 303);
	test_site_expect_first_byte(site, path, NULL, '<');
}

uint64_t test_site_users(const struct test_site *site)
{
	return store_view(site->store, 0)->users;
}

unsigned test_site_create(struct test_site *site, const char *form)
{
	struct memory_gateway *memory =
		test_site_ask(site, &(struct memory_request){TEST_SITE_POST(form)});
	unsigned status = memory_gateway_status(memory);

	memory_gateway_close(memory);
	return status;
}

void test_site_fill(struct test_site *site, unsigned users)
{
	struct memory_gateway **memory = calloc(users, sizeof(*memory));
	char form[32];

	assert_non_null(memory);
	for (unsigned i = 0; i < users; i++) {
		snprintf(form, sizeof(form), "username=user%03u", i + 1);
		memory[i] =
			test_site_begin(site, &(struct memory_request){TEST_SITE_POST(form)}, NULL);
	}
	test_site_settle(site);
	for (unsigned i = 0; i < users; i++) {
		assert_int_equal(memory_gateway_status(memory[i]), 303);
		memory_gateway_close(memory[i]);
	}
	free(memory);
}
