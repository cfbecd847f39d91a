#ifndef ROLLCALL_FORMATS_LINE_READER_H
#define ROLLCALL_FORMATS_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"

/* Takes text apart into lines as it comes, wherever its chunks are cut. */

/* Borrowed by the visitor. */
struct line {
	uint64_t number;  /* from 1 */
	const char *text; /* without its line feed; not terminated */
	size_t length;
	bool is_too_long; /* more than LIMIT_IMPORT_ROW: there is no text */
};

/* Anything but RESULT_OK ends the reading. */
typedef enum result line_cb(void *argument, const struct line *line);

struct line_reader {
	line_cb *visit;
	void *argument;

	/* The reader's own. */
	struct buffer held; /* the beginning of a line, from earlier chunks */
	uint64_t number;
	bool is_too_long;
};

void line_reader_begin(struct line_reader *reader, line_cb *visit, void *argument);

/* What the visitor returned, or RESULT_MEMORY. After that, only line_reader_free() may follow. */
enum result line_reader_feed(
	struct line_reader *reader, const char *bytes, size_t length) MUST_CHECK;

/* Shows the last line if the input did not end it. */
enum result line_reader_finish(struct line_reader *reader) MUST_CHECK;

void line_reader_free(struct line_reader *reader);

#endif
