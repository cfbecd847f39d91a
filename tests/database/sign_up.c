/*
 * sign_up PREFIX CLIENTS SHARED PATIENCE SOCKET…: CLIENTS people at each of these sockets, which
 * are nodes of one list, sign up one after another, over FastCGI, until SIGTERM comes. Every
 * SHARED-th name (0: none) is asked for at all nodes at about the same time; all others are asked
 * for once. Names begin with PREFIX. Each request is recorded with a line on standard output, as
 * soon as it has ended:
 *
 *     NODE TOOK STATUS NUMBER NAME
 *
 * NODE counts from 1. TOOK is in milliseconds. STATUS is that of HTTP, or 0: the connection was
 * lost or there was none, or 1: PATIENCE milliseconds passed. NUMBER is the user's that was made,
 * or of the holder; 0: none was told.
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "fastcgi/client.h"

#define SHARED_WINDOW_MS 20
#define LOST             0
#define TIMED_OUT        1

static struct {
	const char *prefix;
	unsigned shared;
	int patience_ms;
	atomic_bool is_over;
} load;

struct client {
	pthread_t thread;
	struct endpoint endpoint;
	unsigned node;
	unsigned place; /* among those of its node */
	unsigned long asked;
	int64_t last_window;
};

static int64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The clients of the same place at other nodes make the same name in the same window of time. */
static void next_name(struct client *client, char *name, size_t size)
{
	int64_t window = now_ms() / SHARED_WINDOW_MS;

	client->asked++;
	if (load.shared > 0 && client->asked % load.shared == 0 && window != client->last_window) {
		client->last_window = window;
		snprintf(name, size, "%s-s%u-%" PRId64, load.prefix, client->place, window);
		return;
	}
	snprintf(name, size, "%s-n%u-c%u-%lu", load.prefix, client->node, client->place,
		client->asked);
}

/* The number behind `mark` in the body, which is terminated. */
static unsigned long number_behind(const struct buffer *body, const char *mark)
{
	const char *found = NULL;

	if (body->bytes != NULL)
		found = strstr(body->bytes, mark);
	return found != NULL ? strtoul(found + strlen(mark), NULL, 10) : 0;
}

static unsigned ask(const struct client *client, const char *json, struct buffer *body)
{
	static const char *const params[] = {"HTTP_ACCEPT", "application/json", NULL};
	const struct client_request request = {.method = "POST",
		.path = "/create-user",
		.content_type = "application/json",
		.body = json,
		.body_length = strlen(json),
		.params = params};
	struct client_answer answer = {0};
	struct reason reason;
	int64_t begin = now_ms();

	if (client_ask(&client->endpoint, &request, load.patience_ms, &answer, body, &reason) ==
		RESULT_OK)
		return answer.status;
	return now_ms() - begin < load.patience_ms ? LOST : TIMED_OUT;
}

static void record(const struct client *client, int64_t took, unsigned status, unsigned long number,
	const char *name)
{
	printf("%u %" PRId64 " %u %lu %s\n", client->node, took, status, number, name);
}

static void sign_up_once(struct client *client)
{
	char name[64], json[128];
	struct buffer body = {0};
	int64_t begin = now_ms();

	next_name(client, name, sizeof(name));
	snprintf(json, sizeof(json), "{\"username\": \"%s\"}", name);
	unsigned status = ask(client, json, &body);
	record(client, now_ms() - begin, status,
		number_behind(&body, status == 201 ? "\"number\":" : "\"holder\":\"/users/"), name);
	buffer_free(&body);
	/* A client that is refused does not fill the record with that. */
	if (status == LOST || status == 503)
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

static void *run_client(void *argument)
{
	while (!load.is_over)
		sign_up_once(argument);
	return NULL;
}

static void begin_client(struct client *client, unsigned node, unsigned place, const char *address)
{
	struct reason reason;

	client->node = node;
	client->place = place;
	if (endpoint_parse(&client->endpoint, address, &reason) != RESULT_OK ||
		pthread_create(&client->thread, NULL, run_client, client) != 0) {
		fprintf(stderr, "sign_up: cannot begin a client at %s\n", address);
		exit(EXIT_FAILURE);
	}
}

/* What begins here has it blocked in every thread. */
static void block_end(sigset_t *end)
{
	sigemptyset(end);
	sigaddset(end, SIGTERM);
	pthread_sigmask(SIG_BLOCK, end, NULL);
}

int main(int count, char **arguments)
{
	if (count < 6) {
		fprintf(stderr, "usage: sign_up PREFIX CLIENTS SHARED PATIENCE SOCKET...\n");
		return EXIT_FAILURE;
	}
	unsigned clients = (unsigned)atoi(arguments[2]), nodes = (unsigned)count - 5;
	sigset_t end;
	int signal;
	struct client *all = memory_zeroed(sizeof(*all) * clients * nodes);

	load.prefix = arguments[1];
	load.shared = (unsigned)atoi(arguments[3]);
	load.patience_ms = atoi(arguments[4]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	block_end(&end);
	for (unsigned i = 0; i < clients * nodes; i++)
		begin_client(&all[i], i / clients + 1, i % clients, arguments[5 + i / clients]);
	sigwait(&end, &signal);
	load.is_over = true;
	for (unsigned i = 0; i < clients * nodes; i++)
		pthread_join(all[i].thread, NULL);
	free(all);
	return EXIT_SUCCESS;
}
