/*
 * create_rate SOCKET CLIENTS SECONDS PREFIX: how many users a second a web server creates, for so
 * many clients that each wait for their answer before they send the next form. HTTP on kept
 * connections over a unix socket; names begin with PREFIX. Any other answer than 303 ends it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "measure.h"

#define CLIENTS    1024
#define ANSWER     4096
#define PATIENCE_S 30

struct client {
	int socket;
	size_t length; /* of what has come of the answer */
	char answer[ANSWER];
};

struct load {
	struct client clients[CLIENTS];
	const char *path;
	int events;
	const char *prefix;
	unsigned long sent;
	unsigned long answered;
};

static void connect_client(struct load *load, struct client *client)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", load->path);
	client->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->socket < 0 ||
		connect(client->socket, (struct sockaddr *)&address, sizeof(address)) != 0)
		measure_failed(load->path);
	if (epoll_ctl(load->events, EPOLL_CTL_ADD, client->socket, &event) != 0)
		measure_failed("epoll_ctl");
}

static void ask(struct load *load, struct client *client)
{
	char form[64], request[256];
	int length = snprintf(form, sizeof(form), "username=%s-%lu", load->prefix, ++load->sent);

	length = snprintf(request, sizeof(request),
		"POST /create-user HTTP/1.1\r\nHost: rollcall.test\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		length, form);
	client->length = 0;
	if (send(client->socket, request, (size_t)length, MSG_NOSIGNAL) != length)
		measure_failed("send");
}

static void unexpected(const struct client *client)
{
	fprintf(stderr, "create_rate: not the answer to a create:\n%.*s\n", (int)client->length,
		client->answer);
	exit(1);
}

/* Whether the answer is there. It has no body. */
static bool is_answered(struct client *client)
{
	static const char status[] = "HTTP/1.1 303 ";
	ssize_t got = recv(client->socket, client->answer + client->length,
		sizeof(client->answer) - 1 - client->length, 0);

	if (got < 0)
		measure_failed("recv");
	client->length += (size_t)got;
	client->answer[client->length] = '\0';
	if (got == 0 || (client->length >= sizeof(status) &&
				memcmp(client->answer, status, sizeof(status) - 1) != 0))
		unexpected(client);
	if (client->length < 4 || strcmp(client->answer + client->length - 4, "\r\n\r\n") != 0)
		return false;
	if (strstr(client->answer, "\r\nContent-Length: 0\r\n") == NULL)
		unexpected(client);
	return true;
}

static void begin(struct load *load, unsigned clients)
{
	load->events = epoll_create1(EPOLL_CLOEXEC);
	if (load->events < 0)
		measure_failed("epoll_create1");
	for (unsigned i = 0; i < clients; i++)
		connect_client(load, &load->clients[i]);
	for (unsigned i = 0; i < clients; i++)
		ask(load, &load->clients[i]);
}

/* A web server closes a connection after so many requests, and says so before. */
static void ask_again(struct load *load, struct client *client)
{
	if (strstr(client->answer, "\r\nConnection: close\r\n") != NULL) {
		close(client->socket);
		connect_client(load, client);
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
		struct client *client = events[i].data.ptr;
		if (!is_answered(client))
			continue;
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
		fputs("usage: create_rate SOCKET CLIENTS SECONDS PREFIX\n", stderr);
		return 2;
	}
	load.path = arguments[1];
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
