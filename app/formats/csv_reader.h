#ifndef ROLLCALL_FORMATS_CSV_READER_H
#define ROLLCALL_FORMATS_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/limit.h"
#include "base/result.h"

/*
 * Takes CSV apart as it comes, wherever its chunks are cut: RFC 4180, section 2, with CRLF or LF
 * at the end of a row. As spreadsheets and people write it, the fields may also be separated by
 * semicolons or tabs: by whichever the first row has first; and spaces may stand around the quotes
 * of a field. What the fields hold is not looked at.
 */
enum csv_problem {
	CSV_FINE,
	CSV_QUOTE,       /* a quote in a field that does not begin with one */
	CSV_AFTER_QUOTE, /* something between a closing quote and the end of the field */
	CSV_RETURN,      /* a carriage return without a line feed, not in quotes */
	CSV_UNCLOSED,    /* the input ends within quotes */
	CSV_TOO_LONG,    /* more than LIMIT_IMPORT_ROW */
};

struct csv_field {
	const char *text; /* not terminated */
	size_t length;
};

/* Borrowed by the visitor. */
struct csv_row {
	uint64_t line;                  /* of the input, from 1, on which it begins */
	uint64_t last_line;             /* on which it ends */
	enum csv_problem problem;       /* if there is one, nothing below counts */
	bool is_blank;                  /* there is nothing in the fields but spaces and tabs */
	size_t count;                   /* of fields, at least 1 */
	const struct csv_field *fields; /* the first LIMIT_IMPORT_FIELDS of them */
};

/* Anything but RESULT_OK ends the reading. */
typedef enum result csv_row_cb(void *argument, const struct csv_row *row);

struct csv_reader {
	csv_row_cb *visit;
	void *argument;

	/* The reader's own. */
	enum csv_state {
		CSV_AT_FIELD,    /* at the beginning of one */
		CSV_IN_FIELD,    /* without quotes */
		CSV_IN_QUOTES,   /* after the one that opens */
		CSV_AT_QUOTE,    /* after one that closes, or the first of two */
		CSV_PAST_QUOTES, /* in the space after one that closes */
		CSV_AT_RETURN,   /* after the CR of a CRLF */
		CSV_LOST,        /* after a problem: at the end of the line things begin anew */
	} state;
	char separator; /* 0: any, the first row has had none yet */
	enum csv_problem problem;
	uint64_t line; /* on which the row began */
	uint64_t at;   /* which is being read */
	struct buffer text;
	size_t start; /* of the field, in `text` */
	size_t count;
	size_t ends[LIMIT_IMPORT_FIELDS]; /* of the fields, in `text` */
};

void csv_reader_begin(struct csv_reader *reader, csv_row_cb *visit, void *argument);

/* What the visitor returned, or RESULT_MEMORY. After that, only csv_reader_free() may follow. */
enum result csv_reader_feed(struct csv_reader *reader, const char *bytes, size_t length) MUST_CHECK;

/* Shows the last row if the input did not end it. */
enum result csv_reader_finish(struct csv_reader *reader) MUST_CHECK;

void csv_reader_free(struct csv_reader *reader);

#endif
