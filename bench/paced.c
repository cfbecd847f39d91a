/*
 * paced ADDRESS HOST RATE SECONDS CONNECTIONS get PATH|create PREFIX: how long a web server lets
 * its clients wait when requests come at a constant rate, whether earlier ones have been answered
 * or not. A wait begins when the request was to be sent: one that finds all connections taken waits
 * from then on, so a server that stalls is charged for everybody who would have come meanwhile.
 *
 * Prints the number of answers, and p50, p99, p99.9 and the longest wait in microseconds. Any other
 * answer than 200 to a get, and 303 to a create, ends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "http_client.h"
#include "measure.h"

#define CONNECTIONS 1024
#define PATIENCE_S  30
#define SECOND      INT64_C(1000000000)

struct lane {
	struct http_client client;
	unsigned long request; /* the one it is asked */
	struct lane *next_free;
};

struct load {
	struct lane lanes[CONNECTIONS];
	struct lane *free; /* those not being asked anything */
	const char *address;
	const char *host;
	bool is_create;
	const char *what; /* the path, or the prefix of the names */
	double rate;
	int64_t start;
	unsigned long total;
	unsigned long sent;
	unsigned long answered;
	int64_t *waits;
	int events;
	int clock;
};

static int64_t due(const struct load *load, unsigned long request)
{
	return load->start + (int64_t)((double)request / load->rate * 1e9);
}

static void watch(const struct load *load, int descriptor, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

	if (epoll_ctl(load->events, EPOLL_CTL_ADD, descriptor, &event) != 0)
		measure_failed("epoll_ctl");
}

static void put_free(struct load *load, struct lane *lane)
{
	lane->next_free = load->free;
	load->free = lane;
}

static void begin(struct load *load, unsigned connections)
{
	/* The system may let sleepers sleep longer, so that it wakes more of them at once. */
	prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
	load->waits = calloc(load->total, sizeof(*load->waits));
	load->events = epoll_create1(EPOLL_CLOEXEC);
	load->clock = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (load->waits == NULL || load->events < 0 || load->clock < 0)
		measure_failed("paced");
	watch(load, load->clock, NULL);
	for (unsigned i = 0; i < connections; i++) {
		http_client_connect(&load->lanes[i].client, load->address);
		watch(load, load->lanes[i].client.socket, &load->lanes[i]);
		put_free(load, &load->lanes[i]);
	}
}

static void ask(struct load *load, struct lane *lane)
{
	char name[64], request[512];
	size_t length;

	lane->request = load->sent++;
	if (load->is_create) {
		snprintf(name, sizeof(name), "%s-%lu", load->what, lane->request);
		length = http_create(request, sizeof(request), load->host, name);
	} else {
		length = http_get(request, sizeof(request), load->host, load->what);
	}
	http_client_send(&lane->client, request, length);
}

/* Sends all that is due, as far as there are connections; the clock wakes us for the next. */
static void send_due(struct load *load)
{
	while (load->free != NULL && load->sent < load->total &&
		due(load, load->sent) <= measure_now()) {
		struct lane *lane = load->free;
		load->free = lane->next_free;
		ask(load, lane);
	}
	int64_t next = load->sent < load->total && load->free != NULL ? due(load, load->sent) : 0;
	struct itimerspec when = {
		.it_value = {.tv_sec = next / SECOND, .tv_nsec = (long)(next % SECOND)}};
	if (timerfd_settime(load->clock, TFD_TIMER_ABSTIME, &when, NULL) != 0)
		measure_failed("timerfd_settime");
}

static void take_answer(struct load *load, struct lane *lane)
{
	if (!http_client_receive(&lane->client))
		return;
	if (lane->client.status != (load->is_create ? 303 : 200))
		http_client_unexpected(&lane->client);
	load->waits[load->answered++] = measure_now() - due(load, lane->request);
	if (lane->client.is_last) {
		http_client_renew(&lane->client, load->address);
		watch(load, lane->client.socket, lane);
	}
	put_free(load, lane);
}

static void turn(struct load *load)
{
	struct epoll_event events[64];
	uint64_t expired;

	send_due(load);
	int count = epoll_wait(load->events, events, 64, PATIENCE_S * 1000);
	if (count <= 0)
		measure_failed(count == 0 ? "no answer" : "epoll_wait");
	for (int i = 0; i < count; i++) {
		if (events[i].data.ptr != NULL)
			take_answer(load, events[i].data.ptr);
		else if (read(load->clock, &expired, sizeof(expired)) < 0)
			measure_failed("timerfd");
	}
}

static void report(struct load *load)
{
	static const double percents[] = {50, 99, 99.9, 100};

	printf("%lu", load->answered);
	for (size_t i = 0; i < sizeof(percents) / sizeof(*percents); i++)
		printf(" %.1f",
			(double)measure_percentile(load->waits, load->answered, percents[i]) / 1e3);
	putchar('\n');
}

int main(int count, char **arguments)
{
	static struct load load;
	unsigned long connections = count == 8 ? strtoul(arguments[5], NULL, 10) : 0;

	if (connections < 1 || connections > CONNECTIONS) {
		fputs("usage: paced ADDRESS HOST RATE SECONDS CONNECTIONS get PATH|create "
		      "PREFIX\n",
			stderr);
		return 2;
	}
	load.address = arguments[1];
	load.host = arguments[2];
	load.rate = strtod(arguments[3], NULL);
	load.total = (unsigned long)(load.rate * strtod(arguments[4], NULL));
	load.is_create = strcmp(arguments[6], "create") == 0;
	load.what = arguments[7];
	begin(&load, (unsigned)connections);
	load.start = measure_now();
	while (load.answered < load.total)
		turn(&load);
	report(&load);
	free(load.waits);
	return 0;
}
