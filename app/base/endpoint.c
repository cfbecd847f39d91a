/*
 * The addresses that the program listens on and connects to, as people write them. Only numeric
 * addresses are taken: looking up a name could block, and could change where the server is reached.
 */
#include "base/endpoint.h"

#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"

#define NUMBER_SIZE 64

static enum result parse_unix(const char *path, struct endpoint *endpoint, struct reason *reason)
{
	if (*path == '\0' || strlen(path) >= sizeof(endpoint->address.un.sun_path))
		return reason_fail(reason, RESULT_MALFORMED,
			"the path of a unix socket has 1 to %zu bytes",
			sizeof(endpoint->address.un.sun_path) - 1);
	endpoint->address.un = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(endpoint->address.un.sun_path, path, strlen(path) + 1);
	endpoint->length = sizeof(endpoint->address.un);
	return RESULT_OK;
}

/* ADDRESS:PORT or [ADDRESS]:PORT, both numeric: all interfaces only if the address says so. */
static enum result parse_tcp(const char *text, struct endpoint *endpoint, struct reason *reason)
{
	char host[NUMBER_SIZE], port[8];
	struct addrinfo hints = {
		.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *found;
	uint64_t number;
	int end = 0;

	reason_set(reason,
		"expected tcp:ADDRESS:PORT with a numeric address and a port from 0 to 65535");
	if (sscanf(text, "[%63[0-9A-Fa-f:.]]:%7[0-9]%n", host, port, &end) != 2 &&
		sscanf(text, "%63[0-9.]:%7[0-9]%n", host, port, &end) != 2)
		return RESULT_MALFORMED;
	if (text[end] != '\0' || !decimal_read(port, &number) || number > UINT16_MAX)
		return RESULT_MALFORMED;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return RESULT_MALFORMED;
	memcpy(&endpoint->address, found->ai_addr, found->ai_addrlen);
	endpoint->length = found->ai_addrlen;
	freeaddrinfo(found);
	return RESULT_OK;
}

/* A path without a slash is one, too, but not if it looks like an address of another kind. */
static bool is_mistaken(const char *text)
{
	return strchr(text, ':') != NULL && strchr(text, '/') == NULL;
}

enum result endpoint_parse(struct endpoint *endpoint, const char *text, struct reason *reason)
{
	if (strncmp(text, "tcp:", 4) == 0)
		return parse_tcp(text + 4, endpoint, reason);
	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(text + 5, endpoint, reason);
	if (is_mistaken(text))
		return reason_fail(reason, RESULT_MALFORMED,
			"expected tcp:ADDRESS:PORT, unix:PATH, or a path");
	return parse_unix(text, endpoint, reason);
}
