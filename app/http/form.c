/*
 * A decoder with one state, fed chunk by chunk: it reads a name until `=`, then a value until `&`.
 * A value is decoded straight into the field it is for. The first error is kept, and told by
 * form_finish().
 */
#include "http/form.h"

#include <string.h>

#include "base/utf8.h"

static const char no_digits[] = "a % without two hexadecimal digits after it";

void form_begin(struct form *form, struct form_field *fields, size_t count)
{
	*form = (struct form){.fields = fields, .count = count};
}

/* The first fault stands. */
static void form_refuse(struct form *form, const char *reason)
{
	if (form->result != RESULT_OK)
		return;
	form->result = RESULT_MALFORMED;
	form->reason = reason;
}

static void end_name(struct form *form)
{
	form->is_value = true;
	form->field = NULL;
	for (size_t i = 0; i < form->count; i++) {
		struct form_field *field = &form->fields[i];
		if (strlen(field->name) != form->name_length ||
			memcmp(field->name, form->name, form->name_length) != 0)
			continue;
		if (field->is_present)
			form_refuse(form, "a repeated field");
		field->is_present = true;
		form->field = field;
	}
}

static void end_pair(struct form *form)
{
	if (!form->is_value && form->name_length > 0)
		end_name(form);
	form->is_value = false;
	form->name_length = 0;
	form->field = NULL;
}

static void take_decoded(struct form *form, char c)
{
	if (c == '\0') {
		form_refuse(form, "a NUL");
	} else if (!form->is_value) {
		/* A name that does not fit is nobody's: its length says so. */
		if (form->name_length < sizeof(form->name))
			form->name[form->name_length] = c;
		form->name_length++;
	} else if (form->field != NULL) {
		buffer_append(&form->field->value, &c, 1);
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void take_digit(struct form *form, char c)
{
	int digit = hex_digit(c);

	if (digit < 0) {
		form_refuse(form, no_digits);
		return;
	}
	form->code = form->code * 16 + (unsigned)digit;
	if (--form->digits == 0)
		take_decoded(form, (char)form->code);
}

static void form_take_byte(struct form *form, char c)
{
	if (form->digits > 0) {
		take_digit(form, c);
	} else if (c == '%') {
		form->digits = 2;
		form->code = 0;
	} else if (c == '&') {
		end_pair(form);
	} else if (c == '=' && !form->is_value) {
		end_name(form);
	} else {
		take_decoded(form, c == '+' ? ' ' : c);
	}
}

/* How many bytes stand for themselves. */
static size_t literal_length(const struct form *form, const char *chunk, size_t length)
{
	size_t i = 0;

	while (i < length && chunk[i] != '%' && chunk[i] != '&' && chunk[i] != '+' &&
		chunk[i] != '\0' && (chunk[i] != '=' || form->is_value))
		i++;
	return i;
}

static void take_literal(struct form *form, const char *bytes, size_t length)
{
	if (!form->is_value && form->name_length + length <= sizeof(form->name))
		memcpy(form->name + form->name_length, bytes, length);
	if (!form->is_value)
		form->name_length += length;
	else if (form->field != NULL)
		buffer_append(&form->field->value, bytes, length);
}

void form_feed(struct form *form, const char *chunk, size_t length)
{
	for (size_t i = 0; i < length && form->result == RESULT_OK;) {
		size_t literal =
			form->digits == 0 ? literal_length(form, chunk + i, length - i) : 0;
		take_literal(form, chunk + i, literal);
		i += literal;
		if (literal == 0)
			form_take_byte(form, chunk[i++]);
	}
}

enum result form_finish(struct form *form)
{
	if (form->digits > 0)
		form_refuse(form, no_digits);
	if (form->result == RESULT_OK)
		end_pair(form);
	for (size_t i = 0; i < form->count && form->result == RESULT_OK; i++) {
		const struct buffer *value = &form->fields[i].value;
		if (value->failed)
			form->result = RESULT_MEMORY;
		else if (value->length > 0 && !utf8_is_valid(value->bytes, value->length))
			form_refuse(form, "not UTF-8");
	}
	return form->result;
}

static bool stands_for_itself(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '*';
}

void form_encode(struct buffer *out, const char *text, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		const char encoded[3] = {'%', digits[byte >> 4], digits[byte & 15]};
		if (stands_for_itself(text[i]))
			buffer_append(out, &text[i], 1);
		else if (text[i] == ' ')
			buffer_append(out, "+", 1);
		else
			buffer_append(out, encoded, sizeof(encoded));
	}
}
