#ifndef ROLLCALL_HTTP_FORM_H
#define ROLLCALL_HTTP_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/result.h"

/*
 * Decodes application/x-www-form-urlencoded (WHATWG URL, section 5.1) as it comes, wherever its
 * chunks are cut. Stricter than that parser: a `%` without two hexadecimal digits, a NUL, a field
 * that is asked for and comes twice, and a value that is not UTF-8 are errors. Other fields
 * are skipped.
 */
struct form_field {
	const char *name;
	struct buffer value; /* decoded; the caller frees it */
	bool is_present;
};

struct form {
	struct form_field *fields;
	size_t count;
	const char *reason; /* why it is RESULT_MALFORMED, in a few words */

	/* The decoder's own. */
	char name[32]; /* of the field being read, as far as it fits; no known one is longer */
	size_t name_length;
	struct form_field *field; /* where the value goes, or NULL */
	bool is_value;
	unsigned digits; /* of a %XX still to come */
	unsigned code;
	enum result result;
};

void form_begin(struct form *form, struct form_field *fields, size_t count);
void form_feed(struct form *form, const char *chunk, size_t length);

/* RESULT_MALFORMED, or RESULT_MEMORY for a value that could not be kept. */
enum result form_finish(struct form *form) MUST_CHECK;

/* Appends the text as such a form has it, for the query of an address. */
void form_encode(struct buffer *out, const char *text, size_t length);

#endif
