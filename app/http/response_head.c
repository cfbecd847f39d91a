/*
 * The status line stands first in a head and is known last, so the head begins with room for it.
 */
#include "http/response_head.h"

#include <string.h>

#include "base/decimal.h"
#include "http/http.h"

/* The site loads its own stylesheet and scripts, which ask only the site itself, and posts its own
 * form; its icon is inside its pages. Nothing else, and no other site frames it. */
static const char security_headers[] =
	"Content-Security-Policy: default-src 'none'; style-src "
	"'self'; img-src 'self' data:; script-src 'self'; connect-src "
	"'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'\r\n"
	"X-Content-Type-Options: nosniff\r\n"
	"Referrer-Policy: same-origin\r\n";

/* Bytes of the longest status line or more: it stands first in a head, and is known last. */
#define STATUS_ROOM 64

/* Bytes of the usual head, status line and all. */
#define HEAD_ROOM 768

static void begin_head(struct buffer *head)
{
	if (head->length == 0 && buffer_reserve(head, HEAD_ROOM))
		head->length = STATUS_ROOM;
}

/* One question for room, and not one for each piece: there are six to ten fields. */
void response_head_append(
	struct buffer *head, const char *name, const char *value, size_t value_length)
{
	begin_head(head);
	if (!buffer_reserve(head, strlen(name) + value_length + sizeof(": \r\n")))
		return;
	char *at = stpcpy(stpcpy(head->bytes + head->length, name), ": ");
	memcpy(at, value, value_length);
	at = stpcpy(at + value_length, "\r\n");
	head->length = (size_t)(at - head->bytes);
}

void response_head_append_lines(struct buffer *head, const char *lines)
{
	begin_head(head);
	buffer_string(head, lines);
}

size_t response_head_finish(
	struct buffer *head, unsigned status, const struct request_times *timing)
{
	char line[STATUS_ROOM], *end = stpcpy(line, "Status: ");

	end += decimal_write(status, end);
	*end++ = ' ';
	end = stpcpy(stpcpy(end, http_reason(status)), "\r\n");
	begin_head(head);
	if (timing != NULL)
		request_times_header(timing, head);
	buffer_append(head, security_headers, sizeof(security_headers) - 1);
	buffer_string(head, "\r\n");
	size_t start = STATUS_ROOM - (size_t)(end - line);
	if (!head->failed)
		memcpy(head->bytes + start, line, STATUS_ROOM - start);
	return start;
}
