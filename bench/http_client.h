#ifndef ROLLCALL_BENCH_HTTP_CLIENT_H
#define ROLLCALL_BENCH_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEAD 4096

/*
 * A client's end of one HTTP/1.1 connection that is kept, one request after the other. Whatever
 * breaks (a connection refused or cut, an answer that is no answer) is said, and ends the program:
 * an error is never part of a measurement.
 */
struct http_client {
	int socket;
	unsigned status; /* of the answer that is whole */
	bool is_last;    /* the server closes the connection after it */

	/* The answer being read. */
	size_t head_length;
	bool has_head;
	size_t body_left;
	char head[HTTP_HEAD]; /* terminated once it is there */
};

/* `address` is unix:PATH or ADDRESS:PORT, an IPv4 address. */
void http_client_connect(struct http_client *client, const char *address);

/* Connects anew after a last answer. */
void http_client_renew(struct http_client *client, const char *address);

void http_client_send(struct http_client *client, const char *request, size_t length);

/* Takes what has come; waits if nothing has. Whether the answer is whole. */
bool http_client_receive(struct http_client *client);

/* Asks and waits for the answer; ends the program unless it has this status. */
void http_client_ask(
	struct http_client *client, const char *request, size_t length, unsigned status);

/* Says what came instead of the answer that was expected, and ends the program. */
_Noreturn void http_client_unexpected(const struct http_client *client);

/* Writes a request into `request`, which has `size` bytes, and says how long it is. */
size_t http_get(char *request, size_t size, const char *host, const char *path);
size_t http_create(char *request, size_t size, const char *host, const char *username);

#endif
