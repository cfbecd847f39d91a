/*
 * idle ADDRESS HOST COUNT: holds so many kept connections to a web server, which does nothing on
 * them. Each is used once at first, and once more after the end of standard input, to see that it
 * was kept. Prints a line when all are there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http_client.h"
#include "measure.h"

static void ask_all(struct http_client *clients, unsigned long number, const char *host)
{
	char request[256];
	size_t length = http_get(request, sizeof(request), host, "/users");

	for (unsigned long i = 0; i < number; i++) {
		http_client_ask(&clients[i], request, length, 200);
		if (clients[i].is_last)
			http_client_unexpected(&clients[i]);
	}
}

int main(int count, char **arguments)
{
	unsigned long number = count == 4 ? strtoul(arguments[3], NULL, 10) : 0;
	char byte;

	if (number < 1) {
		fputs("usage: idle ADDRESS HOST COUNT\n", stderr);
		return 2;
	}
	struct http_client *clients = calloc(number, sizeof(*clients));
	if (clients == NULL)
		measure_failed("idle");
	for (unsigned long i = 0; i < number; i++)
		http_client_connect(&clients[i], arguments[1]);
	ask_all(clients, number, arguments[2]);
	puts("ready");
	if (fflush(stdout) != 0 || read(STDIN_FILENO, &byte, 1) != 0)
		measure_failed("idle");
	ask_all(clients, number, arguments[2]);
	free(clients);
	return 0;
}
