/*
 * latency get|create ADDRESS USERS ADDRESS USERS: how long two running programs with so many users
 * take for an answer, each over one kept FastCGI connection. They take turns, so that what else the
 * machine does meets both. A line a kind of request: p50 and p99 of each, in microseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "support/protocol/fcgi_client.h"
#include "support/test.h"

#define ROUNDS  20
#define GETS    100 /* a round */
#define CREATES 25

struct server {
	struct fcgi_client *client;
	unsigned long long users;
	unsigned created;
	int64_t took[ROUNDS * GETS];
	size_t count;
};

static void timed(struct server *server, const struct web_request *request, unsigned status)
{
	int64_t start = measure_now();
	const struct answer *answer = client_ask(server->client, request);

	server->took[server->count++] = measure_now() - start;
	assert_int_equal(answer->status, status);
}

static void get_first(struct server *server)
{
	for (size_t i = 0; i < GETS; i++)
		timed(server, &(struct web_request){.path = "/users"}, 200);
}

static void get_middle(struct server *server)
{
	char query[64];

	for (size_t i = 0; i < GETS; i++) {
		snprintf(query, sizeof(query), "before=%llu", server->users / 2 + i);
		timed(server, &(struct web_request){.path = "/users", .query = query}, 200);
	}
}

/* Names that users_file gives so many users that even few make a full page. */
static void get_search(struct server *server)
{
	static const char *const queries[] = {"q=ANNA", "q=ben", "q=Chiara", "q=david", "q=emma",
		"q=felix", "q=grace", "q=hugo", "q=zo%C3%AB", "q=tara"};

	for (size_t i = 0; i < GETS; i++) {
		const char *query = queries[i % (sizeof(queries) / sizeof(*queries))];
		timed(server, &(struct web_request){.path = "/users", .query = query}, 200);
	}
}

static void create(struct server *server)
{
	char form[64];

	for (size_t i = 0; i < CREATES; i++) {
		snprintf(form, sizeof(form), "username=latency-%u", ++server->created);
		timed(server, &(struct web_request){RECORDS_CREATE_USER(form)}, 303);
	}
}

static void compare(struct server servers[2], const char *name, void (*ask)(struct server *server))
{
	servers[0].count = servers[1].count = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		ask(&servers[round % 2]);
		ask(&servers[1 - round % 2]);
	}
	printf("%s", name);
	for (size_t i = 0; i < 2; i++) {
		double p50 = (double)measure_percentile(servers[i].took, servers[i].count, 50);
		double p99 = (double)measure_percentile(servers[i].took, servers[i].count, 99);
		printf(" %.1f %.1f", p50 / 1e3, p99 / 1e3);
	}
	putchar('\n');
}

int main(int count, char **arguments)
{
	static struct server servers[2];

	if (count != 6) {
		fputs("usage: latency get|create ADDRESS USERS ADDRESS USERS\n", stderr);
		return 2;
	}
	for (int i = 0; i < 2; i++) {
		servers[i].client = client_open(arguments[2 + 2 * i]);
		servers[i].users = strtoull(arguments[3 + 2 * i], NULL, 10);
	}
	if (strcmp(arguments[1], "get") == 0) {
		compare(servers, "first", get_first);
		compare(servers, "middle", get_middle);
		compare(servers, "search", get_search);
	} else {
		compare(servers, "create", create);
	}
	client_close(servers[0].client);
	client_close(servers[1].client);
	return 0;
}
