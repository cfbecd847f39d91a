/*
 * Reads one JSON value from a client (RFC 8259). Only a few strings of one object are wanted, so
 * nothing is built: the reader goes over the text once, copies those strings, and checks the
 * grammar of the rest. It does not recurse, and its depth has a limit, so that no input can use up
 * the stack.
 */
#include "base/json_reader.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/limit.h"
#include "base/utf8.h"

/* What has been read so far is JSON as long as there is no reason. */
struct reader {
	const char *at;
	const char *end;
	const char *reason;
	char closers[LIMIT_JSON_DEPTH]; /* of the values that are open, as a string without its end
					 */
	size_t depth;
	struct buffer name; /* of the member that is being read */
};

static void skip_value(struct reader *reader);
static void read_members(struct reader *reader, struct json_object *object);
static void read_string(struct reader *reader, struct buffer *out);

static bool fail_json(struct reader *reader, const char *reason)
{
	if (reader->reason == NULL)
		reader->reason = reason;
	return false;
}

/* Says of what stands here why it cannot. */
static bool fail_here(struct reader *reader)
{
	if (reader->at == reader->end)
		return fail_json(reader, "the value is not complete");
	if ((unsigned char)*reader->at < ' ')
		return fail_json(reader, "a control character that is not escaped");
	return fail_json(reader, "not JSON");
}

static void skip_space(struct reader *reader)
{
	while (reader->at < reader->end && *reader->at != '\0' &&
		strchr(" \t\r\n", *reader->at) != NULL)
		reader->at++;
}

/* Goes past a character if it is what comes next. */
static bool take_char(struct reader *reader, char c)
{
	bool is_there = reader->at < reader->end && *reader->at == c;

	reader->at += is_there;
	return is_there;
}

/* The same behind white space, and with white space behind it. */
static bool take_sign(struct reader *reader, char c)
{
	skip_space(reader);
	bool is_there = take_char(reader, c);

	skip_space(reader);
	return is_there;
}

enum result json_reader_read(const char *text, size_t length, struct json_object *object)
{
	struct reader reader = {.at = text, .end = text + length};
	bool has_failed;

	object->is_object = false;
	if (!utf8_is_valid(text, length))
		fail_json(&reader, "not UTF-8");
	object->is_object = take_sign(&reader, '{');
	if (object->is_object)
		read_members(&reader, object);
	else
		skip_value(&reader);
	skip_space(&reader);
	if (reader.at < reader.end)
		fail_json(&reader, (unsigned char)*reader.at < ' '
					   ? "a control character that is not "
					     "escaped"
					   : "something follows the value");
	has_failed = reader.name.failed;
	for (size_t i = 0; i < object->count; i++)
		has_failed |= object->fields[i].text.failed;
	buffer_free(&reader.name);
	object->reason = reader.reason;
	if (reader.reason != NULL)
		return RESULT_MALFORMED;
	return has_failed ? RESULT_MEMORY : RESULT_OK;
}

static struct json_field *find_field(struct json_object *object, const struct buffer *name)
{
	for (size_t i = 0; i < object->count; i++) {
		struct json_field *field = &object->fields[i];
		if (name->length == strlen(field->name) &&
			memcmp(name->bytes, field->name, name->length) == 0)
			return field;
	}
	object->has_others = true;
	return NULL;
}

static void read_member_value(struct reader *reader, struct json_field *field)
{
	bool is_string = reader->at < reader->end && *reader->at == '"';
	const char *start = reader->at;

	if (field != NULL && field->kind != JSON_FIELD_MISSING)
		field->kind = JSON_FIELD_REPEATED;
	else if (field != NULL)
		field->kind = is_string ? JSON_FIELD_STRING : JSON_FIELD_OTHER;
	if (field != NULL && field->kind == JSON_FIELD_STRING) {
		read_string(reader, &field->text);
		return;
	}
	skip_value(reader);
	if (field != NULL && field->kind == JSON_FIELD_OTHER) {
		field->other = start;
		field->other_length = (size_t)(reader->at - start);
	}
}

static void read_name(struct reader *reader, struct buffer *out)
{
	read_string(reader, out);
	if (!take_sign(reader, ':'))
		fail_here(reader);
}

/* Of the object that has been opened. */
static void read_members(struct reader *reader, struct json_object *object)
{
	if (take_char(reader, '}'))
		return;
	do {
		reader->name.length = 0; /* but if it has failed, that stays */
		read_name(reader, &reader->name);
		if (reader->reason == NULL)
			read_member_value(reader, find_field(object, &reader->name));
	} while (reader->reason == NULL && take_sign(reader, ','));
	if (!take_char(reader, '}'))
		fail_here(reader);
}

static void skip_digits(struct reader *reader)
{
	if (reader->at == reader->end || !isdigit((unsigned char)*reader->at))
		fail_here(reader);
	while (reader->at < reader->end && isdigit((unsigned char)*reader->at))
		reader->at++;
}

static void skip_number(struct reader *reader)
{
	take_char(reader, '-');
	if (!take_char(reader, '0'))
		skip_digits(reader);
	if (take_char(reader, '.'))
		skip_digits(reader);
	if (take_char(reader, 'e') || take_char(reader, 'E')) {
		if (!take_char(reader, '-'))
			take_char(reader, '+');
		skip_digits(reader);
	}
}

static void skip_word(struct reader *reader, const char *word)
{
	while (*word != '\0' && take_char(reader, *word))
		word++;
	if (*word != '\0')
		fail_here(reader);
}

static void skip_scalar(struct reader *reader)
{
	switch (reader->at < reader->end ? *reader->at : '\0') {
	case '"':
		read_string(reader, NULL);
		break;
	case 't':
		skip_word(reader, "true");
		break;
	case 'f':
		skip_word(reader, "false");
		break;
	case 'n':
		skip_word(reader, "null");
		break;
	default:
		skip_number(reader);
		break;
	}
}

/* Opens an array or object. False if there is none, or if it is empty: then it is closed again. */
static bool open_value(struct reader *reader)
{
	char closer = take_sign(reader, '[') ? ']' : take_sign(reader, '{') ? '}' : '\0';

	if (closer == '\0') {
		skip_scalar(reader);
		return false;
	}
	if (take_char(reader, closer))
		return false;
	if (reader->depth == LIMIT_JSON_DEPTH)
		return fail_json(reader, "values that are nested too deeply");
	reader->closers[reader->depth++] = closer;
	return true;
}

/* After a value within others: closes what ends there. False if another value follows. */
static bool close_values(struct reader *reader)
{
	while (reader->depth > 0) {
		if (take_sign(reader, ','))
			return false;
		if (!take_char(reader, reader->closers[reader->depth - 1]))
			return !fail_here(reader);
		reader->depth--;
	}
	return true;
}

/* Any value, without recursion. */
static void skip_value(struct reader *reader)
{
	bool is_done = false;

	while (reader->reason == NULL && !is_done) {
		is_done = !open_value(reader) && reader->reason == NULL && close_values(reader);
		if (!is_done && reader->reason == NULL && reader->closers[reader->depth - 1] == '}')
			read_name(reader, NULL);
	}
}

/* Four hexadecimal digits. */
static int32_t read_unit(struct reader *reader)
{
	static const char digits[] = "0123456789abcdef";
	int32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		const char *digit = reader->at < reader->end && *reader->at != '\0'
					    ? strchr(digits, tolower((unsigned char)*reader->at))
					    : NULL;
		if (digit == NULL)
			return fail_here(reader);
		unit = unit * 16 + (int32_t)(digit - digits);
		reader->at++;
	}
	return unit;
}

/* What stands behind \u: a UTF-16 code unit, and perhaps the second one of a pair. */
static int32_t read_escaped_point(struct reader *reader)
{
	int32_t unit = read_unit(reader);

	if (unit < 0xd800 || unit > 0xdfff)
		return unit;
	const char *next = reader->at;
	if (unit < 0xdc00 && take_char(reader, '\\') && take_char(reader, 'u')) {
		int32_t second = read_unit(reader);
		if (second >= 0xdc00 && second <= 0xdfff)
			return 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
	}
	reader->at = next;
	return UTF8_REPLACEMENT;
}

static int32_t read_escaped(struct reader *reader)
{
	static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";

	if (take_char(reader, 'u'))
		return read_escaped_point(reader);
	for (const char *pair = letters; *pair != '\0'; pair += 2) {
		if (take_char(reader, pair[0]))
			return pair[1];
	}
	return fail_here(reader);
}

static void put_point(struct buffer *out, int32_t point)
{
	char bytes[UTF8_MOST];
	size_t length;

	if (out != NULL && utf8_encode(&point, 1, bytes, sizeof(bytes), &length))
		buffer_append(out, bytes, length);
}

/* `out` is NULL for a string that is skipped. */
static void read_string(struct reader *reader, struct buffer *out)
{
	if (!take_char(reader, '"'))
		fail_here(reader);
	while (reader->reason == NULL && !take_char(reader, '"')) {
		const char *start = reader->at;
		while (reader->at < reader->end && (unsigned char)*reader->at >= ' ' &&
			*reader->at != '"' && *reader->at != '\\')
			reader->at++;
		if (out != NULL)
			buffer_append(out, start, (size_t)(reader->at - start));
		if (take_char(reader, '\\'))
			put_point(out, read_escaped(reader));
		else if (reader->at == reader->end || *reader->at != '"')
			fail_here(reader);
	}
}
