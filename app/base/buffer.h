#ifndef ROLLCALL_BASE_BUFFER_H
#define ROLLCALL_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that grow. The first failure to grow sticks: later appends do nothing, and the caller
 * checks `failed` once, when it uses the bytes. A zeroed struct is an empty buffer. */
struct buffer {
	char *bytes; /* not terminated; NULL while capacity is 0 */
	size_t length;
	size_t capacity;
	bool failed;
};

/* Makes room for `more` bytes, where the caller knows how many will follow. False, and failed, if
 * memory is short. */
bool buffer_reserve(struct buffer *buffer, size_t more);

/* These two are here since most of what they are given is short, and its length known to the
 * compiler. */
static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
	bool has_room = !buffer->failed && length <= buffer->capacity - buffer->length;

	if (length > 0 && (has_room || buffer_reserve(buffer, length))) {
		memcpy(buffer->bytes + buffer->length, bytes, length);
		buffer->length += length;
	}
}

static inline void buffer_string(struct buffer *buffer, const char *string)
{
	buffer_append(buffer, string, strlen(string));
}

void buffer_number(struct buffer *buffer, uint64_t number); /* in decimal */

/* Several times as dear as the others: not for what every request does. */
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Takes the first `length` bytes off the front. */
void buffer_consume(struct buffer *buffer, size_t length);

/* Empties it, forgets a failure, keeps the memory. */
void buffer_clear(struct buffer *buffer);

/* Gives the memory back; the buffer is empty and can be used again. */
void buffer_free(struct buffer *buffer);

#endif
