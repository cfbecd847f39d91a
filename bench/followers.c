/*
 * followers ADDRESS HOST COUNT [PATH]: so many open lists that follow along, through a web server,
 * or streams of events at another path. Prints "ready" when all listen. For each line of standard
 * input, a number, it waits until everybody has had that many events with an id, and prints "seen".
 * Ends with standard input. Whatever breaks ends it with an error.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http_client.h"
#include "measure.h"

/* What each event begins with, and nothing else has in it. */
static const char mark[] = "\nid: ";
static const char beginning[] = "retry: ";

struct follower {
	size_t matched; /* of the text looked for */
	unsigned long events;
	bool listens;
};

struct followers {
	unsigned long count;
	struct follower *followers;
	struct pollfd *polled;
};

static void take(struct follower *follower, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const char *text = follower->listens ? mark : beginning;
		follower->matched = bytes[i] == text[follower->matched] ? follower->matched + 1
				    : bytes[i] == text[0]               ? 1
									: 0;
		if (text[follower->matched] != '\0')
			continue;
		follower->matched = 0;
		if (follower->listens)
			follower->events++;
		follower->listens = true;
	}
}

static void read_some(struct followers *all)
{
	char bytes[65536];

	if (poll(all->polled, all->count, 60000) <= 0)
		measure_failed("waiting for events");
	for (unsigned long i = 0; i < all->count; i++) {
		if (all->polled[i].revents == 0)
			continue;
		ssize_t length = read(all->polled[i].fd, bytes, sizeof(bytes));
		if (length <= 0)
			measure_failed("a stream has ended");
		take(&all->followers[i], bytes, (size_t)length);
	}
}

static bool have_all(const struct followers *all, unsigned long events)
{
	for (unsigned long i = 0; i < all->count; i++) {
		if (!all->followers[i].listens || all->followers[i].events < events)
			return false;
	}
	return true;
}

static void wait_for(struct followers *all, unsigned long events, const char *word)
{
	while (!have_all(all, events))
		read_some(all);
	puts(word);
	if (fflush(stdout) != 0)
		measure_failed("followers");
}

static void connect_all(
	struct followers *all, const char *address, const char *host, const char *path)
{
	char request[256];
	size_t length = http_get(request, sizeof(request), host, path);

	all->followers = calloc(all->count, sizeof(*all->followers));
	all->polled = calloc(all->count, sizeof(*all->polled));
	if (all->followers == NULL || all->polled == NULL)
		measure_failed("followers");
	for (unsigned long i = 0; i < all->count; i++) {
		struct http_client client;
		http_client_connect(&client, address);
		http_client_send(&client, request, length);
		all->polled[i] = (struct pollfd){.fd = client.socket, .events = POLLIN};
	}
}

int main(int count, char **arguments)
{
	bool is_right = count == 4 || count == 5;
	struct followers all = {.count = is_right ? strtoul(arguments[3], NULL, 10) : 0};
	char line[32];

	if (all.count < 1) {
		fputs("usage: followers ADDRESS HOST COUNT [PATH]\n", stderr);
		return 2;
	}
	connect_all(&all, arguments[1], arguments[2], count == 5 ? arguments[4] : "/users/events");
	wait_for(&all, 0, "ready");
	while (fgets(line, sizeof(line), stdin) != NULL)
		wait_for(&all, strtoul(line, NULL, 10), "seen");
	free(all.followers);
	free(all.polled);
	return 0;
}
