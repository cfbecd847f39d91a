#include "list_reader.h"

#include <stdlib.h>

#include "../heap.h"

static const char mark[] = {'\xef', '\xbb', '\xbf'};

struct list_reader {
	const struct format *format;
	void *reading;
	bool is_past_mark; /* or it was seen that there is none */
	size_t held;       /* bytes of the mark, from earlier chunks */
};

struct list_reader *list_reader_open(
	const struct format *format, const struct entry_visitor *visitor)
{
	struct list_reader *reader = heap_zeroed(sizeof(*reader));

	reader->format = format;
	reader->reading = format->open(visitor);
	return reader;
}

/* What looked like the beginning of a mark was text. */
static enum status give_back(struct list_reader *reader)
{
	reader->is_past_mark = true;
	return reader->format->feed(reader->reading, mark, reader->held);
}

enum status list_reader_feed(struct list_reader *reader, const char *bytes, size_t length)
{
	while (!reader->is_past_mark && length > 0) {
		if (*bytes != mark[reader->held]) {
			enum status status = give_back(reader);
			if (status != STATUS_OK)
				return status;
			break;
		}
		reader->is_past_mark = ++reader->held == sizeof(mark);
		bytes++;
		length--;
	}
	return reader->format->feed(reader->reading, bytes, length);
}

enum status list_reader_finish(struct list_reader *reader)
{
	enum status status = reader->is_past_mark ? STATUS_OK : give_back(reader);

	return status == STATUS_OK ? reader->format->finish(reader->reading) : status;
}

void list_reader_close(struct list_reader *reader)
{
	if (reader == NULL)
		return;
	reader->format->close(reader->reading);
	free(reader);
}
