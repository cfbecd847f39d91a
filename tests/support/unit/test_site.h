#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_TEST_SITE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_TEST_SITE_H

#include <stdbool.h>
#include <uv.h>

#include "http/router.h"
#include "routes/site.h"
#include "store/store.h"
#include "support/disk/fake_disk.h"
#include "support/temporary_directory.h"
#include "support/unit/captured_log.h"
#include "support/unit/memory_gateway.h"

/*
 * The whole site without a socket: a real loop, a real store in a temporary directory, every route.
 * The tests stand where connections do: they dispatch, let the loop turn, and look at the answer.
 *
 * With TEST_STORE=late in the environment the routes see a late_store.h around the store; to
 * clients that makes no difference. TEST_SEED is its seed, else a random one is taken, and printed.
 */
struct test_site {
	struct fake_disk *disk; /* over the real one */
	uv_loop_t loop;
	uv_idle_t awake;
	struct captured_log log;
	struct temporary_directory directory;
	struct store *store;
	struct store *late; /* around it, for the site, if is_late */
	bool is_late;
	uint64_t seed;
	struct site site;
	struct router router;
};

/* What the site takes for the time now, when it shows users; until it is set, that of
 * test_site_open(). */
void test_site_set_time(int64_t time);

void test_site_open(struct test_site *site);

/* The same, and the store is late in any case. */
void test_site_open_late(struct test_site *site);

/* Stops it as main does, and expects that nothing is left: in the loop, or of the requests. */
void test_site_close(struct test_site *site);

/* cmocka set-up (leaves the site in `*state`) and tear-down of a test. */
int test_site_set_up(void **state);
int test_site_tear_down(void **state);

/* A test of an open site, `site`, which is closed behind it (test.h). */
#define SITE_TEST(name)                                                                            \
	TEST_GIVEN(struct test_site, site, test_site_set_up, test_site_tear_down, NULL, name)

/* Stops it and starts it again over what it has stored. */
void test_site_restart(struct test_site *site);

/* Begins to answer. `response`, unless NULL, gets what router_dispatch() returns. */
struct memory_gateway *test_site_begin(
	struct test_site *site, const struct memory_request *request, struct response **response);

/* One turn of the loop: what waits to be stored is handed over to the worker. */
void test_site_turn(struct test_site *site);

/* As many as it takes until nothing is left to do. */
void test_site_settle(struct test_site *site);

/* Asks and waits for the answer; close the gateway afterwards. */
struct memory_gateway *test_site_ask(struct test_site *site, const struct memory_request *request);

/* The same for a GET of the path with the query, which may be NULL. */
struct memory_gateway *test_site_get(struct test_site *site, const char *path, const char *query);

/* The first byte of a page: a test that has changed it in the cache sees whether the cache was
 * used. */
void test_site_expect_first_byte(
	struct test_site *site, const char *path, const char *query, char byte);

/* That the page at this path is kept there, until a minute has passed or a user is added. */
void test_site_expect_kept(struct test_site *site, const char *path, struct page_cache *kept);

/* Posts the form and returns the status of the answer. */
unsigned test_site_create(struct test_site *site, const char *form);

/* How many users there are. */
uint64_t test_site_users(const struct test_site *site);

/* Puts this many users there: user001, user002... */
void test_site_fill(struct test_site *site, unsigned users);

/* A post of a form, as a browser sends it. */
#define TEST_SITE_POST(form)                                                                       \
	.method = "POST", .path = "/create-user",                                                  \
	.content_type = "application/x-www-form-urlencoded", .body = (form)

#endif
