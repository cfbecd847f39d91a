#ifndef ROLLCALL_TESTS_DATABASE_PROXY_MESSAGES_H
#define ROLLCALL_TESTS_DATABASE_PROXY_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * Messages of PostgreSQL's protocol 3 (its manual, chapter "Message Formats"): one byte that says
 * which, the length in four bytes, which counts itself, and the content. The first message of a
 * client has no type.
 */
enum message_type {
	MESSAGE_BIND = 'B', /* of the client */
	MESSAGE_PARSE = 'P',
	MESSAGE_QUERY = 'Q',
	MESSAGE_SYNC = 'S',
	MESSAGE_FLUSH = 'H',
	MESSAGE_COMPLETE = 'C', /* of the server */
	MESSAGE_NOTICE = 'N',
	MESSAGE_READY = 'Z',
};

/* The lengths of the headers. */
#define MESSAGE_HEADER  5
#define MESSAGE_STATE   1 /* of a ReadyForQuery, behind its header */
#define MESSAGE_STARTUP 4

struct message {
	char type;
	const char *bytes; /* with the header; borrowed */
	size_t length;
};

/* The message that begins `at` bytes from the start. False if it is not whole yet. */
bool message_at(const struct buffer *buffer, size_t at, struct message *message);

/* The same for the first one of a client; its type is 0. */
bool message_startup(const struct buffer *buffer, struct message *message);

/* Whether it asks for encryption, which is answered before the startup comes. */
bool message_asks_for_encryption(const struct message *startup);

/* The string that begins `at` bytes from the start of the content, terminated; NULL if there is
 * none. `next` gets where the one behind it begins. */
const char *message_string(const struct message *message, size_t at, size_t *next);

void message_append(struct buffer *buffer, const struct message *message);

/* Messages of our own: a Flush; an ErrorResponse, after which the server closes the connection
 * where `message_is_fatal()`; NoticeResponses WARNING 01000 and NOTICE 00000; a ReadyForQuery
 * outside of a transaction; a Query. */
void message_flush(struct buffer *buffer);
void message_error(struct buffer *buffer, const char *sqlstate);
bool message_is_fatal(const char *sqlstate);
void message_warning(struct buffer *buffer);
void message_ready(struct buffer *buffer);
void message_query(struct buffer *buffer, const char *sql);

#endif
