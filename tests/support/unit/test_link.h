#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_TEST_LINK_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_TEST_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "store/database/link.h"
#include "support/unit/captured_log.h"

/* A link on a loop of its own, and queries that remember their answers. */
struct test_link {
	uv_loop_t loop;
	uv_timer_t patience;
	struct libpq libpq;
	struct database_address address;
	struct captured_log log;
	struct link *link;
	unsigned changes; /* calls of `changed` */
	uint64_t last;    /* of the queries that were answered: how many */
};

/* Makes all but the link. */
void test_link_begin(struct test_link *test);

/* To a URL, with these statements, which stay. */
void test_link_open(struct test_link *test, const char *url, const struct statement *statements,
	size_t count, bool is_reader);

/* Ends all of it. */
void test_link_end(struct test_link *test);

/* Runs the loop until it holds, for as long as patience.h says. */
typedef bool test_link_held(void *argument);
void test_link_wait(struct test_link *test, test_link_held *held, void *argument);

void test_link_wait_ready(struct test_link *test);

/* Until it is not ready, and says so with these words. */
void test_link_wait_reason(struct test_link *test, const char *words);

struct test_query {
	struct link_query query;
	struct test_link *test;
	unsigned answers;
	uint64_t place; /* which answer of the link's it was, from 1 */
	enum link_outcome outcome;
	char sqlstate[6];
	char said[512];
	size_t rows;
	int64_t number; /* of the first row and column */
	bool was_ready; /* the link, as it was answered */
};

/* With the link's patience as its time-out. */
void test_query_send(
	struct test_link *test, struct test_query *query, const struct statement *statement);

void test_query_wait(struct test_query *query);

#endif
