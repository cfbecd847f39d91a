#include "http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "measure.h"

#define CHUNK 65536

static int connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int connected = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connected < 0 || connect(connected, (struct sockaddr *)&address, sizeof(address)) != 0)
		measure_failed(path);
	return connected;
}

static int connect_tcp(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	const char *colon = strchr(text, ':');
	char host[INET_ADDRSTRLEN] = "";
	int at_once = 1;

	errno = EINVAL;
	if (colon == NULL || (size_t)(colon - text) >= sizeof(host))
		measure_failed(text);
	memcpy(host, text, (size_t)(colon - text));
	address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	int connected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (inet_pton(AF_INET, host, &address.sin_addr) != 1 || connected < 0 ||
		setsockopt(connected, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once)) != 0 ||
		connect(connected, (struct sockaddr *)&address, sizeof(address)) != 0)
		measure_failed(text);
	return connected;
}

static void begin_answer(struct http_client *client)
{
	client->head_length = 0;
	client->has_head = false;
	client->body_left = 0;
}

void http_client_connect(struct http_client *client, const char *address)
{
	bool is_unix = strncmp(address, "unix:", 5) == 0;

	client->socket = is_unix ? connect_unix(address + 5) : connect_tcp(address);
	client->is_last = false;
	begin_answer(client);
}

void http_client_renew(struct http_client *client, const char *address)
{
	close(client->socket);
	http_client_connect(client, address);
}

void http_client_send(struct http_client *client, const char *request, size_t length)
{
	begin_answer(client);
	if (send(client->socket, request, length, MSG_NOSIGNAL) != (ssize_t)length)
		measure_failed("send");
}

void http_client_unexpected(const struct http_client *client)
{
	fprintf(stderr, "not the answer that was expected:\n%.*s\n", (int)client->head_length,
		client->head);
	exit(1);
}

/* The value of a header field, or NULL. */
static const char *field(const struct http_client *client, const char *name)
{
	size_t length = strlen(name);

	for (const char *line = strstr(client->head, "\r\n"); line != NULL;
		line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':')
			return line + 2 + length + 1 + strspn(line + 2 + length + 1, " ");
	}
	return NULL;
}

/* Only answers that say how long they are; one without a body need not. */
static void read_head(struct http_client *client)
{
	if (sscanf(client->head, "HTTP/1.1 %3u ", &client->status) != 1)
		http_client_unexpected(client);
	const char *length = field(client, "Content-Length");
	const char *connection = field(client, "Connection");
	if (length == NULL && client->status != 304)
		http_client_unexpected(client);
	client->has_head = true;
	client->body_left = length != NULL && client->status != 304 ? strtoul(length, NULL, 10) : 0;
	client->is_last = connection != NULL && strncasecmp(connection, "close", 5) == 0;
}

/* How many of the bytes belong to the head; those up to its end are kept. */
static size_t take_head(struct http_client *client, const char *bytes, size_t length)
{
	size_t before = client->head_length;
	size_t room = sizeof(client->head) - 1 - before;
	size_t taken = length < room ? length : room;

	memcpy(client->head + before, bytes, taken);
	client->head[before + taken] = '\0';
	client->head_length = before + taken;
	char *end = strstr(client->head, "\r\n\r\n");
	if (end == NULL) {
		if (taken < length)
			http_client_unexpected(client);
		return taken;
	}
	client->head_length = (size_t)(end + 4 - client->head);
	client->head[client->head_length] = '\0';
	read_head(client);
	return client->head_length - before;
}

bool http_client_receive(struct http_client *client)
{
	static char bytes[CHUNK];
	ssize_t got = recv(client->socket, bytes, sizeof(bytes), 0);

	if (got < 0)
		measure_failed("recv");
	if (got == 0)
		http_client_unexpected(client);
	size_t length = (size_t)got;
	if (!client->has_head)
		length -= take_head(client, bytes, length);
	if (length > client->body_left)
		http_client_unexpected(client);
	client->body_left -= length;
	return client->has_head && client->body_left == 0;
}

void http_client_ask(
	struct http_client *client, const char *request, size_t length, unsigned status)
{
	http_client_send(client, request, length);
	while (!http_client_receive(client))
		;
	if (client->status != status)
		http_client_unexpected(client);
}

size_t http_get(char *request, size_t size, const char *host, const char *path)
{
	return (size_t)snprintf(request, size, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host);
}

size_t http_create(char *request, size_t size, const char *host, const char *username)
{
	return (size_t)snprintf(request, size,
		"POST /create-user HTTP/1.1\r\nHost: %s\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n"
		"username=%s",
		host, strlen("username=") + strlen(username), username);
}
