#include "fastcgi/get_values.h"

#include <fastcgi.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fastcgi/params.h"
#include "fastcgi/record.h"

static bool is_name(const unsigned char *name, size_t length, const char *wanted)
{
	return length == strlen(wanted) && memcmp(name, wanted, length) == 0;
}

/* Only values that were asked for, and only names that are known. A connection carries one request
 * at a time, so there are as many of the one as of the other. */
static void append_value(
	struct buffer *values, const unsigned char *name, size_t length, unsigned connections)
{
	char value[16];

	if (is_name(name, length, FCGI_MAX_CONNS) || is_name(name, length, FCGI_MAX_REQS))
		snprintf(value, sizeof(value), "%u", connections);
	else if (is_name(name, length, FCGI_MPXS_CONNS))
		snprintf(value, sizeof(value), "0");
	else
		return;
	const char lengths[] = {(char)length, (char)strlen(value)};
	buffer_append(values, lengths, sizeof(lengths));
	buffer_append(values, name, length);
	buffer_string(values, value);
}

/* Pairs that do not fit into the record end the search. */
void get_values_answer(struct buffer *out, const void *content, size_t length, unsigned connections)
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
