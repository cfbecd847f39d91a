/*
 * Cuts text into lines, wherever its chunks end. A line that is too long is not held: its bytes are
 * dropped, and it is reported by its number.
 */
#include "formats/line_reader.h"

#include <string.h>

#include "base/limit.h"

void line_reader_begin(struct line_reader *reader, line_cb *visit, void *argument)
{
	*reader = (struct line_reader){.visit = visit, .argument = argument, .number = 1};
}

void line_reader_free(struct line_reader *reader)
{
	buffer_free(&reader->held);
}

static void hold(struct line_reader *reader, const char *bytes, size_t length)
{
	if (length > LIMIT_IMPORT_ROW - reader->held.length)
		reader->is_too_long = true;
	if (!reader->is_too_long)
		buffer_append(&reader->held, bytes, length);
}

static enum result end_line(struct line_reader *reader)
{
	if (reader->held.failed)
		return RESULT_MEMORY;
	struct line line = {.number = reader->number++, .is_too_long = reader->is_too_long};
	line.length = line.is_too_long ? 0 : reader->held.length;
	line.text = line.length > 0 ? reader->held.bytes : "";
	enum result result = reader->visit(reader->argument, &line);
	buffer_clear(&reader->held);
	reader->is_too_long = false;
	return result;
}

enum result line_reader_feed(struct line_reader *reader, const char *bytes, size_t length)
{
	enum result result = RESULT_OK;

	while (length > 0 && result == RESULT_OK) {
		const char *end = memchr(bytes, '\n', length);
		size_t step = end != NULL ? (size_t)(end - bytes) : length;
		hold(reader, bytes, step);
		if (end != NULL) {
			result = end_line(reader);
			step++;
		}
		bytes += step;
		length -= step;
	}
	return result;
}

enum result line_reader_finish(struct line_reader *reader)
{
	if (reader->held.length == 0 && !reader->is_too_long && !reader->held.failed)
		return RESULT_OK;
	return end_line(reader);
}
