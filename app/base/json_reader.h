#ifndef ROLLCALL_BASE_JSON_READER_H
#define ROLLCALL_BASE_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/result.h"

/*
 * Reads the object that a text of JSON is (RFC 8259), for some of its members. All of the text has
 * to obey the grammar; but members that are not wanted are not looked at any further:
 * numbers of any size, names that are there twice, escapes of NUL, and surrogates without the other
 * half (section 8.2), which become U+FFFD. jansson has none of these, and takes some texts that are
 * no JSON.
 */
struct json_field {
	const char *name;
	enum json_field_kind {
		JSON_FIELD_MISSING,
		JSON_FIELD_STRING,
		JSON_FIELD_OTHER,    /* a value that is not a string */
		JSON_FIELD_REPEATED, /* there more than once */
	} kind;
	struct buffer text; /* of a string, in UTF-8; the caller frees it */
	/* Of a value that is not a string: as it is written, in the text that is read. */
	const char *other;
	size_t other_length;
};

struct json_object {
	struct json_field *fields;
	size_t count;
	bool is_object;     /* or else another value */
	bool has_others;    /* members that are none of the fields */
	const char *reason; /* why it is RESULT_MALFORMED, in a few words */
};

/* Fills in `object`, which names the fields. RESULT_MALFORMED: the text is not JSON, or its values
 * are nested deeper than LIMIT_JSON_DEPTH; RESULT_MEMORY. */
enum result json_reader_read(
	const char *text, size_t length, struct json_object *object) MUST_CHECK;

#endif
