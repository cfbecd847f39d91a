/*
 * Bytes that grow, by doubling, so that appending stays linear. Peers decide how long most buffers
 * become, so a failed allocation is no reason to end the process: it is remembered in the buffer,
 * and the writer checks once at its end instead of at every append.
 */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

bool buffer_reserve(struct buffer *buffer, size_t more)
{
	if (buffer->failed)
		return false;
	if (more <= buffer->capacity - buffer->length)
		return true;

	size_t capacity = buffer->capacity > 0 ? buffer->capacity : 256;
	while (capacity - buffer->length < more && capacity <= SIZE_MAX / 2)
		capacity *= 2;
	char *bytes = capacity - buffer->length >= more ? realloc(buffer->bytes, capacity) : NULL;
	if (bytes == NULL) {
		buffer->failed = true;
		return false;
	}
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return true;
}

void buffer_number(struct buffer *buffer, uint64_t number)
{
	char digits[DECIMAL_LENGTH];

	buffer_append(buffer, digits, decimal_write(number, digits));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
		return;
	}
	if (!buffer_reserve(buffer, (size_t)length + 1))
		return;
	va_start(arguments, format);
	vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void buffer_consume(struct buffer *buffer, size_t length)
{
	buffer->length -= length;
	if (buffer->length > 0)
		memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}
