/*
 * Writes a flat file to standard output, for tests of commands: a header, then a record for each
 * argument, "+NAME" for a user who was created, with the next number, or "+NUMBER=NAME" with that
 * one, "-NUMBER:NAME" for one who was removed.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/flat_file/header.h"
#include "store/flat_file/record.h"

#define CREATED INT64_C(1764000000000)

static bool take(struct buffer *lines, uint64_t *last, const char *argument)
{
	struct record record = {
		.operation = OPERATION_CREATED, .time = CREATED, .name = argument + 1};

	if (argument[0] == '+') {
		char *end;
		uint64_t number = strtoull(argument + 1, &end, 10);
		record.number = *last = *end == '=' ? number : *last + 1;
		record.name = *end == '=' ? end + 1 : record.name;
	} else if (argument[0] == '-') {
		char *end;
		record.operation = OPERATION_REMOVED;
		record.number = strtoull(argument + 1, &end, 10);
		if (*end != ':')
			return false;
		record.name = end + 1;
	} else {
		return false;
	}
	record.name_length = strlen(record.name);
	record_append(lines, &record);
	return true;
}

int main(int count, char **arguments)
{
	struct buffer lines = {0};
	uint64_t last = 0;

	header_append(&lines, 0);
	for (int i = 1; i < count; i++) {
		if (!take(&lines, &last, arguments[i])) {
			fprintf(stderr, "what is %s?\n", arguments[i]);
			return 1;
		}
	}
	bool is_written = !lines.failed &&
			  fwrite(lines.bytes, 1, lines.length, stdout) == lines.length &&
			  fflush(stdout) == 0;
	buffer_free(&lines);
	return is_written ? 0 : 1;
}
