/*
 * create_rate ADDRESS CLIENTS SECONDS PREFIX: how many users a second a web server creates, for so
 * many clients that each wait for their answer before they send the next form. HTTP on kept
 * connections; names begin with PREFIX. Any other answer than 303 ends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "http_client.h"
#include "measure.h"

#define CLIENTS    1024
#define PATIENCE_S 30

struct load {
	struct http_client clients[CLIENTS];
	const char *address;
	int events;
	const char *prefix;
	unsigned long sent;
	unsigned long answered;
};

static void watch(struct load *load, struct http_client *client)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};

	if (epoll_ctl(load->events, EPOLL_CTL_ADD, client->socket, &event) != 0)
		measure_failed("epoll_ctl");
}

static void ask(struct load *load, struct http_client *client)
{
	char username[64], request[256];

	snprintf(username, sizeof(username), "%s-%lu", load->prefix, ++load->sent);
	http_client_send(
		client, request, http_create(request, sizeof(request), "rollcall.test", username));
}

static void begin(struct load *load, unsigned clients)
{
	load->events = epoll_create1(EPOLL_CLOEXEC);
	if (load->events < 0)
		measure_failed("epoll_create1");
	for (unsigned i = 0; i < clients; i++) {
		http_client_connect(&load->clients[i], load->address);
		watch(load, &load->clients[i]);
	}
	for (unsigned i = 0; i < clients; i++)
		ask(load, &load->clients[i]);
}

/* A web server closes a connection after so many requests, and says so before. */
static void ask_again(struct load *load, struct http_client *client)
{
	if (client->is_last) {
		http_client_renew(client, load->address);
		watch(load, client);
	}
	ask(load, client);
}

/* Takes answers; who has one asks for more until it is time to end. */
static void turn(struct load *load, bool is_ending)
{
	struct epoll_event events[64];
	int count = epoll_wait(load->events, events, 64, PATIENCE_S * 1000);

	if (count <= 0)
		measure_failed(count == 0 ? "no answer" : "epoll_wait");
	for (int i = 0; i < count; i++) {
		struct http_client *client = events[i].data.ptr;
		if (!http_client_receive(client))
			continue;
		if (client->status != 303)
			http_client_unexpected(client);
		load->answered++;
		if (!is_ending)
			ask_again(load, client);
	}
}

int main(int count, char **arguments)
{
	static struct load load;
	unsigned long clients = count == 5 ? strtoul(arguments[2], NULL, 10) : 0;

	if (clients < 1 || clients > CLIENTS) {
		fputs("usage: create_rate ADDRESS CLIENTS SECONDS PREFIX\n", stderr);
		return 2;
	}
	load.address = arguments[1];
	load.prefix = arguments[4];
	begin(&load, (unsigned)clients);
	int64_t start = measure_now();
	int64_t end = start + (int64_t)(strtod(arguments[3], NULL) * 1e9);
	while (measure_now() < end)
		turn(&load, false);
	double seconds = (double)(measure_now() - start) / 1e9;
	printf("%.0f\n", (double)load.answered / seconds);
	while (load.answered < load.sent)
		turn(&load, true);
	return 0;
}
