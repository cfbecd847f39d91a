#ifndef ROLLCALL_TESTS_SUPPORT_PROTOCOL_FCGI_CLIENT_H
#define ROLLCALL_TESTS_SUPPORT_PROTOCOL_FCGI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "support/protocol/records.h"

/*
 * A web server's end of one FastCGI connection, from the specification and without libfcgi.
 * Whatever arrives is checked against the specification; what breaks it fails the test, and so does
 * waiting longer than patience.h allows.
 */
struct fcgi_client;

/* `address` is unix:PATH, tcp:ADDRESS:PORT or tcp:[ADDRESS]:PORT, as the event `ready` names it. */
struct fcgi_client *client_open(const char *address);

/* Whether somebody listens there. */
bool client_can_connect(const char *address);

/* Closes the connection, read to its end or not, and frees it. */
void client_close(struct fcgi_client *client);

/* Sends everything. False if the peer has closed meanwhile. */
bool client_try_send(struct fcgi_client *client, const void *bytes, size_t length);

/* The same for a peer that must not have closed. */
void client_send(struct fcgi_client *client, const struct buffer *bytes);

/* What is left of it after `sent` bytes. */
void client_send_rest(struct fcgi_client *client, const struct buffer *bytes, size_t sent);

/* The same, each byte with a system call of its own. */
void client_send_bytewise(struct fcgi_client *client, const struct buffer *bytes);

/* Sends until the connection takes no more at once; how much it took. */
size_t client_fill(struct fcgi_client *client, const struct buffer *bytes);

/* Sends nothing more: the peer sees the end of file. */
void client_finish(struct fcgi_client *client);

/* A record of the peer. The content is valid until the next call that reads. */
struct record {
	unsigned type;
	unsigned id;
	const unsigned char *content;
	size_t length;
};

/* The next record; false if the peer has closed. */
bool client_read_record(struct fcgi_client *client, struct record *record);

/* Whether the next record is here already: it came with the same read as the one before. */
bool client_has_record(const struct fcgi_client *client);

/* The answer to one request. Valid until the next one is read. */
struct answer {
	const char
		*text; /* the bytes of STDOUT: a CGI response; terminated for the str functions */
	size_t length;
	unsigned status; /* HTTP, of the line "Status: "; 0 without STDOUT */
	uint32_t app_status;
	unsigned protocol_status;
};

/* Reads the records of request `id` up to its END_REQUEST; nothing else may come between. */
const struct answer *client_read_answer(struct fcgi_client *client, unsigned id);

/* Sends a whole request and reads its answer. */
const struct answer *client_ask(struct fcgi_client *client, const struct web_request *request);

/* Signs up so many users with names so long that a page of them is more than the socket takes in
 * one piece. Returns the length of the answer to GET /users. */
size_t client_fill_page(struct fcgi_client *client, unsigned users);

/* The status of the answer to a GET. */
unsigned client_get(struct fcgi_client *client, const char *path);

/* Whether the answer to a GET, which must be a 200, has the text in it. */
bool client_finds(struct fcgi_client *client, const char *path, const char *text);

/* Waits until the peer closes, which must send nothing more before. */
void client_expect_closed(struct fcgi_client *client);

/* Waits until the peer closes, whatever comes before: how many bytes. */
size_t client_drain(struct fcgi_client *client);

/* Waits until the peer has closed, without reading what it sent. */
void client_wait_hang_up(struct fcgi_client *client);

/* Waits until there is something to read, and does not read it. */
void client_wait_readable(struct fcgi_client *client);

/* Whether there is something to read by now. */
bool client_is_readable(struct fcgi_client *client);

/* Whether the peer has closed by now. */
bool client_is_hung_up(struct fcgi_client *client);

/* A new connection is accepted and answered. */
void client_expect_served(const char *address);

#endif
