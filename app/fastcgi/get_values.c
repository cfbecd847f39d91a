/*
 * Web servers may ask an application what it can take (FCGI_GET_VALUES). Only names that
 * were asked for and are known here are answered, in one record: LIMIT_VALUES bounds the question,
 * and with it the answer.
 */
#include "fastcgi/get_values.h"

#include <fastcgi.h>
#include <stdio.h>
#include <string.h>

#include "fastcgi/params.h"
#include "fastcgi/record.h"

/* Only values that were asked for, and only names that are known. A connection carries one request
 * at a time, so there are as many of the one as of the other. */
static void append_value(
	struct buffer *values, const unsigned char *name, size_t length, unsigned connections)
{
	char most[16];
	const struct {
		const char *name;
		const char *value;
	} known[] = {{FCGI_MAX_CONNS, most}, {FCGI_MAX_REQS, most}, {FCGI_MPXS_CONNS, "0"}};

	snprintf(most, sizeof(most), "%u", connections);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i].name) == length && memcmp(known[i].name, name, length) == 0)
			params_append(values, known[i].name, known[i].value);
	}
}

/* Pairs that do not fit into the record end the search. */
void get_values_respond(
	struct buffer *out, const void *content, size_t length, unsigned connections)
{
	const unsigned char *bytes = content;
	struct buffer values = {0};

	for (size_t i = 0; i < length;) {
		size_t name, value;
		size_t head = params_read_lengths(bytes + i, length - i, &name, &value);
		if (head == 0 || name > length - i - head || value > length - i - head - name)
			break;
		append_value(&values, bytes + i + head, name, connections);
		i += head + name + value;
	}
	fcgi_record_header(out, FCGI_GET_VALUES_RESULT, FCGI_NULL_REQUEST_ID, values.length);
	buffer_append(out, values.bytes, values.length);
	out->failed |= values.failed;
	buffer_free(&values);
}
