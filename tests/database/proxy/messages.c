/*
 * The framing of PostgreSQL's protocol 3, as much as a proxy has to know of it: where a message
 * ends, what it is called, and the few that the proxy makes up.
 */
#include "database/proxy/messages.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#define SSL_REQUEST    80877103
#define GSSENC_REQUEST 80877104

static uint32_t number_at(const char *bytes)
{
	uint32_t number;

	memcpy(&number, bytes, sizeof(number));
	return ntohl(number);
}

static bool take_message(
	const struct buffer *buffer, size_t at, size_t type_length, struct message *message)
{
	if (buffer->length - at < type_length + sizeof(uint32_t))
		return false;
	message->type = '\0';
	if (type_length > 0)
		message->type = buffer->bytes[at];
	message->bytes = buffer->bytes + at;
	message->length = type_length + number_at(buffer->bytes + at + type_length);
	return buffer->length - at >= message->length;
}

bool message_at(const struct buffer *buffer, size_t at, struct message *message)
{
	return take_message(buffer, at, 1, message);
}

bool message_startup(const struct buffer *buffer, struct message *message)
{
	return take_message(buffer, 0, 0, message);
}

bool message_asks_for_encryption(const struct message *startup)
{
	uint32_t code = 0;

	if (startup->length >= 2 * sizeof(code))
		code = number_at(startup->bytes + sizeof(code));
	return code == SSL_REQUEST || code == GSSENC_REQUEST;
}

const char *message_string(const struct message *message, size_t at, size_t *next)
{
	size_t begin = MESSAGE_HEADER + at;

	if (begin >= message->length)
		return NULL;
	const char *end = memchr(message->bytes + begin, '\0', message->length - begin);
	if (end == NULL)
		return NULL;
	*next = (size_t)(end + 1 - message->bytes) - MESSAGE_HEADER;
	return message->bytes + begin;
}

void message_append(struct buffer *buffer, const struct message *message)
{
	buffer_append(buffer, message->bytes, message->length);
}

static void append_message(struct buffer *buffer, char type, const void *content, size_t length)
{
	uint32_t counted = htonl((uint32_t)(length + sizeof(counted)));

	buffer_append(buffer, &type, 1);
	buffer_append(buffer, &counted, sizeof(counted));
	buffer_append(buffer, content, length);
}

static void append_field(struct buffer *fields, char type, const char *value)
{
	buffer_append(fields, &type, 1);
	buffer_append(fields, value, strlen(value) + 1);
}

static void append_report(
	struct buffer *buffer, char type, const char *severity, const char *sqlstate)
{
	struct buffer fields = {0};

	append_field(&fields, 'S', severity);
	append_field(&fields, 'V', severity);
	append_field(&fields, 'C', sqlstate);
	append_field(&fields, 'M', "the proxy of the tests says so");
	buffer_append(&fields, "", 1);
	append_message(buffer, type, fields.bytes, fields.length);
	buffer_free(&fields);
}

bool message_is_fatal(const char *sqlstate)
{
	return strncmp(sqlstate, "57P", 3) == 0 || strncmp(sqlstate, "53", 2) == 0;
}

void message_flush(struct buffer *buffer)
{
	append_message(buffer, MESSAGE_FLUSH, "", 0);
}

void message_error(struct buffer *buffer, const char *sqlstate)
{
	append_report(buffer, 'E', message_is_fatal(sqlstate) ? "FATAL" : "ERROR", sqlstate);
}

void message_warning(struct buffer *buffer)
{
	append_report(buffer, MESSAGE_NOTICE, "WARNING", "01000");
	append_report(buffer, MESSAGE_NOTICE, "NOTICE", "00000");
}

void message_ready(struct buffer *buffer)
{
	append_message(buffer, MESSAGE_READY, "I", 1);
}

void message_query(struct buffer *buffer, const char *sql)
{
	append_message(buffer, MESSAGE_QUERY, sql, strlen(sql) + 1);
}
