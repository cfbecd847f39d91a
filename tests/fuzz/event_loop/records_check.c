/*
 * Reads records without the help of the program's own reader, which the server uses, too.
 */
#include "fuzz/event_loop/records_check.h"

#include <fastcgi.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* One response, as its records come. */
struct response_seen {
	unsigned id;  /* 0: none is open */
	bool is_over; /* its STDOUT */
	struct buffer bytes;
};

/* The value of a header field, with its length; NULL: it is not there. */
static const char *find_field(const char *head, const char *end, const char *name, size_t *length)
{
	size_t name_length = strlen(name);

	for (const char *line = head; line < end;) {
		const char *next = memmem(line, (size_t)(end - line), "\r\n", 2);
		must(next != NULL);
		if (next - line > (ptrdiff_t)name_length && memcmp(line, name, name_length) == 0) {
			*length = (size_t)(next - line) - name_length;
			return line + name_length;
		}
		line = next + 2;
	}
	return NULL;
}

/* That each line of the head is a field, and that there is no other control character in it. */
static void check_head(const char *head, const char *end)
{
	for (const char *line = head; line < end;) {
		const char *next = memmem(line, (size_t)(end - line), "\r\n", 2);
		must(next != NULL && next > line);
		must(memchr(line, ':', (size_t)(next - line)) != NULL);
		for (const char *each = line; each < next; each++)
			must((unsigned char)*each >= ' ' && *each != 0x7f);
		line = next + 2;
	}
}

static void note_created(
	struct records_seen *seen, unsigned status, const char *location, size_t length)
{
	static const char *const before[] = {"/users?created=", "/users/"};
	const char *prefix = before[status == 201];
	char text[128];

	must(length < sizeof(text));
	memcpy(text, location, length);
	text[length] = '\0';
	const char *found = strstr(text, prefix);
	if (found == NULL)
		return; /* some other place */
	uint64_t number = strtoull(found + strlen(prefix), NULL, 10);
	must(number > 0);
	seen->created++;
	seen->last_number = number > seen->last_number ? number : seen->last_number;
}

void records_check_response(struct records_seen *seen, const struct buffer *bytes, bool is_whole)
{
	const char *head = bytes->bytes, *value;
	size_t length;

	must(bytes->length > strlen("Status: 200 OK\r\n"));
	must(memcmp(head, "Status: ", 8) == 0);
	const char *end = memmem(head, bytes->length, "\r\n\r\n", 4);
	must(end != NULL);
	end += 2;
	check_head(head, end);
	unsigned long status = strtoul(head + 8, NULL, 10);
	must(status >= 200 && status <= 599);
	size_t body = bytes->length - (size_t)(end + 2 - head);
	value = find_field(head, end, "Content-Length: ", &length);
	/* A response to HEAD has the length of the one to GET, and no body. */
	must(value == NULL || !is_whole || body == 0 || strtoul(value, NULL, 10) == body);
	must((status != 204 && status != 304) || body == 0);
	value = find_field(head, end, "Location: ", &length);
	if ((status == 303 || status == 201) && value != NULL)
		note_created(seen, (unsigned)status, value, length);
}

static void take_stdout(
	struct response_seen *response, unsigned id, const unsigned char *content, size_t length)
{
	must(response->id == 0 || response->id == id);
	must(!response->is_over);
	response->id = id;
	response->is_over = length == 0;
	buffer_append(&response->bytes, content, length);
}

static void take_end(struct records_seen *seen, struct response_seen *response, unsigned id,
	const unsigned char *content, size_t length)
{
	must(length == sizeof(FCGI_EndRequestBody));
	must(content[0] == 0 && content[1] == 0 && content[2] == 0 && content[3] == 0);
	must(content[4] == FCGI_REQUEST_COMPLETE || content[4] == FCGI_CANT_MPX_CONN ||
		content[4] == FCGI_UNKNOWN_ROLE);
	seen->ended++;
	if (content[4] != FCGI_REQUEST_COMPLETE || response->id != id)
		return; /* refused, or aborted before there was a response */
	if (response->is_over) {
		records_check_response(seen, &response->bytes, true);
		seen->completed++;
	} else {
		records_check_response(seen, &response->bytes, false);
	}
	response->id = 0;
	response->is_over = false;
	buffer_clear(&response->bytes);
}

static void take_record(struct records_seen *seen, struct response_seen *response,
	const unsigned char *header, size_t length)
{
	unsigned id = (unsigned)header[2] << 8 | header[3];

	must(header[0] == FCGI_VERSION_1);
	switch (header[1]) {
	case FCGI_STDOUT:
		must(id != 0);
		take_stdout(response, id, header + FCGI_HEADER_LEN, length);
		break;
	case FCGI_END_REQUEST:
		must(id != 0);
		take_end(seen, response, id, header + FCGI_HEADER_LEN, length);
		break;
	case FCGI_GET_VALUES_RESULT:
	case FCGI_UNKNOWN_TYPE:
		must(id == 0);
		break;
	default: /* the one that asks nginx to close the connection */
		must(header[1] == FCGI_STDERR && id == 1 && length == 0);
		break;
	}
}

struct records_seen records_check(const struct buffer *sent, bool may_be_cut)
{
	const unsigned char *bytes = (const unsigned char *)sent->bytes;
	struct records_seen seen = {0};
	struct response_seen response = {0};
	size_t place = 0;

	while (place < sent->length) {
		size_t left = sent->length - place, size = FCGI_HEADER_LEN, length = 0;
		if (left >= size) {
			length = (size_t)bytes[place + 4] << 8 | bytes[place + 5];
			size += length + bytes[place + 6];
		}
		must(may_be_cut || left >= size);
		if (left < size)
			break;
		take_record(&seen, &response, bytes + place, length);
		place += size;
	}
	if (response.bytes.length > 0 && !may_be_cut)
		records_check_response(&seen, &response.bytes, response.is_over);
	seen.goes_on = response.id != 0;
	buffer_free(&response.bytes);
	return seen;
}
