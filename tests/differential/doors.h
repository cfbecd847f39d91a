#ifndef ROLLCALL_DIFFERENTIAL_DOORS_H
#define ROLLCALL_DIFFERENTIAL_DOORS_H

#include <stddef.h>

#include "base/buffer.h"

/*
 * The doors of the program that bytes come in through, for a driver that gives them inputs and
 * compares what they make of them with what another implementation makes of the same. A line of
 * standard input is one input: its fields, in hexadecimal, each behind a space. A line of standard
 * output is the answer to it: words, and bytes as `=` and their hexadecimal digits.
 */

struct door_field {
	const char *bytes; /* and a NUL behind them, for what takes strings */
	size_t length;
};

/* `fields` has `count` of them, at least one. */
typedef void door_cb(const struct door_field *fields, size_t count, struct buffer *answer);

struct door {
	const char *name;
	size_t fields; /* that an input has at least */
	door_cb *answer;
};

/* One array for each file; an entry without a name ends it. */
extern const struct door form_doors[];
extern const struct door list_doors[];
extern const struct door json_doors[];
extern const struct door header_doors[];
extern const struct door name_doors[];
extern const struct door record_doors[];

/* For answers. */
void door_word(struct buffer *answer, const char *word);
void door_bytes(struct buffer *answer, const char *bytes, size_t length);
void door_number(struct buffer *answer, uint64_t number);

/* Ends the program, which has no room or was given what no driver may give. */
_Noreturn void door_fail(const char *why);

#endif
