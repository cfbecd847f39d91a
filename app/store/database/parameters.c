/* Parameters are built in the form in which they are sent, so that no number is written in decimal
 * or quoted, and a batch of a thousand users costs one buffer that is there already. Places in it
 * are offsets, since it moves as it grows. */
#include "store/database/parameters.h"

#include <assert.h>
#include <endian.h>
#include <limits.h>

/* Dimensions, whether there are NULLs, the type of the elements, how many, number of the first. */
struct array_head {
	uint32_t dimensions;
	uint32_t has_null;
	uint32_t element;
	uint32_t items;
	uint32_t first;
} __attribute__((packed));

static void begin_value(struct parameters *parameters);
static void end_value(struct parameters *parameters);
static void append_parameter(struct parameters *parameters, const void *bytes, size_t length);
static void append_item(struct parameters *parameters, const void *bytes, size_t length);

void parameters_clear(struct parameters *parameters)
{
	buffer_clear(&parameters->bytes);
	parameters->count = 0;
}

void parameters_free(struct parameters *parameters)
{
	buffer_free(&parameters->bytes);
	parameters->count = 0;
}

void parameters_number(struct parameters *parameters, int64_t number)
{
	uint64_t sent = htobe64((uint64_t)number);

	append_parameter(parameters, &sent, sizeof(sent));
}

void parameters_unsigned(struct parameters *parameters, uint64_t number)
{
	parameters_number(parameters, number < INT64_MAX ? (int64_t)number : INT64_MAX);
}

void parameters_boolean(struct parameters *parameters, bool value)
{
	append_parameter(parameters, &(char){value ? 1 : 0}, 1);
}

void parameters_text(struct parameters *parameters, const char *text, size_t length)
{
	append_parameter(parameters, text, length);
}

void parameters_bytes(struct parameters *parameters, const void *bytes, size_t length)
{
	append_parameter(parameters, bytes, length);
}

void parameters_null(struct parameters *parameters)
{
	begin_value(parameters);
	parameters->values[parameters->count++].length = -1;
}

void parameters_array_begin(struct parameters *parameters, Oid element)
{
	struct array_head head = {.element = htobe32(element)};

	assert(parameters->element == 0);
	parameters->element = element;
	parameters->items = 0;
	parameters->has_null = false;
	begin_value(parameters);
	buffer_append(&parameters->bytes, &head, sizeof(head));
}

void parameters_item_number(struct parameters *parameters, int64_t number)
{
	uint64_t sent = htobe64((uint64_t)number);
	size_t width = parameters->element == TYPE_NUMBER    ? 8
		       : parameters->element == TYPE_INTEGER ? 4
							     : 2;

	append_item(parameters, (const char *)&sent + sizeof(sent) - width, width);
}

void parameters_item_boolean(struct parameters *parameters, bool value)
{
	append_item(parameters, &(char){value ? 1 : 0}, 1);
}

void parameters_item_text(struct parameters *parameters, const char *text, size_t length)
{
	append_item(parameters, text, length);
}

void parameters_item_bytes(struct parameters *parameters, const void *bytes, size_t length)
{
	append_item(parameters, bytes, length);
}

void parameters_item_null(struct parameters *parameters)
{
	uint32_t sent = htobe32(UINT32_MAX);

	parameters->has_null = true;
	parameters->items++;
	buffer_append(&parameters->bytes, &sent, sizeof(sent));
}

/* An array without elements has no dimensions either. */
void parameters_array_end(struct parameters *parameters)
{
	struct buffer *bytes = &parameters->bytes;
	size_t offset = parameters->values[parameters->count].offset;
	bool is_empty = parameters->items == 0;
	struct array_head head = {
		.dimensions = htobe32(is_empty ? 0 : 1),
		.has_null = htobe32(parameters->has_null ? 1 : 0),
		.element = htobe32(parameters->element),
		.items = htobe32(parameters->items),
		.first = htobe32(1),
	};

	if (!bytes->failed) {
		memcpy(bytes->bytes + offset, &head, sizeof(head));
		if (is_empty)
			bytes->length = offset + offsetof(struct array_head, items);
	}
	parameters->element = 0;
	end_value(parameters);
}

/* A text of no bytes, alone, is one all the same, and libpq takes NULL for NULL. */
void parameters_list(const struct parameters *parameters, struct parameter_list *list)
{
	const char *bytes = parameters->bytes.bytes != NULL ? parameters->bytes.bytes : "";

	for (int i = 0; i < parameters->count; i++) {
		bool is_null = parameters->values[i].length < 0;
		list->values[i] = is_null ? NULL : bytes + parameters->values[i].offset;
		list->lengths[i] = is_null ? 0 : parameters->values[i].length;
		list->formats[i] = 1;
	}
}

static void begin_value(struct parameters *parameters)
{
	assert(parameters->count < PARAMETERS_MOST);
	parameters->values[parameters->count].offset = parameters->bytes.length;
}

/* The protocol has lengths of 31 bits. */
static void end_value(struct parameters *parameters)
{
	size_t length = parameters->bytes.length - parameters->values[parameters->count].offset;

	if (length > INT_MAX)
		parameters->bytes.failed = true;
	parameters->values[parameters->count++].length = (int)(length & INT_MAX);
}

static void append_parameter(struct parameters *parameters, const void *bytes, size_t length)
{
	begin_value(parameters);
	buffer_append(&parameters->bytes, bytes, length);
	end_value(parameters);
}

static void append_item(struct parameters *parameters, const void *bytes, size_t length)
{
	uint32_t sent = htobe32((uint32_t)length);

	if (length > INT_MAX)
		parameters->bytes.failed = true;
	parameters->items++;
	buffer_append(&parameters->bytes, &sent, sizeof(sent));
	buffer_append(&parameters->bytes, bytes, length);
}
