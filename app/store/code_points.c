#include "code_points.h"

#include <string.h>

bool code_points_are_utf8(const char *text, size_t length)
{
	utf8proc_int32_t point;

	for (size_t i = 0, step; i < length; i += step) {
		step = code_point_decode(text + i, length - i, &point);
		if (step == 0)
			return false;
	}
	return true;
}

static unsigned class_of(utf8proc_int32_t c)
{
	return (unsigned)utf8proc_get_property(c)->combining_class;
}

/* While marks are being ordered each has its class above it. */
#define CLASS_SHIFT 24

/* Puts them into the order of four bits of their classes. */
static void deal(const utf8proc_int32_t *from, utf8proc_int32_t *to, size_t count, unsigned shift)
{
	size_t starts[17] = {0};

	for (size_t i = 0; i < count; i++)
		starts[((uint32_t)from[i] >> shift) % 16 + 1]++;
	for (size_t value = 1; value < 16; value++)
		starts[value] += starts[value - 1];
	for (size_t i = 0; i < count; i++)
		to[starts[((uint32_t)from[i] >> shift) % 16]++] = from[i];
}

/* Marks in a row: those of one class stay as they are among themselves. */
static void order_marks(utf8proc_int32_t *marks, size_t count)
{
	utf8proc_int32_t dealt[CODE_POINTS_MOST];
	bool is_ordered = true;

	for (size_t i = 1; i < count; i++)
		is_ordered &=
			(uint32_t)marks[i - 1] >> CLASS_SHIFT <= (uint32_t)marks[i] >> CLASS_SHIFT;
	if (!is_ordered) {
		deal(marks, dealt, count, CLASS_SHIFT);
		deal(dealt, marks, count, CLASS_SHIFT + 4);
	}
	for (size_t i = 0; i < count; i++)
		marks[i] &= (1 << CLASS_SHIFT) - 1;
}

utf8proc_ssize_t code_points_decompose(
	utf8proc_int32_t point, utf8proc_int32_t *parts, size_t most, utf8proc_option_t options)
{
	int boundary = UTF8PROC_BOUNDCLASS_START;

	return utf8proc_decompose_char(point, parts, (utf8proc_ssize_t)most, options, &boundary);
}

size_t code_points_compose(utf8proc_int32_t *points, size_t count, utf8proc_option_t options)
{
	size_t marks = 0; /* right before the one that is looked at */

	for (size_t i = 0; i < count; i++) {
		unsigned class = class_of(points[i]);
		if (class != 0) {
			points[i] |= (utf8proc_int32_t)(class << CLASS_SHIFT);
			marks++;
			continue;
		}
		order_marks(points + i - marks, marks);
		marks = 0;
	}
	order_marks(points + count - marks, marks);
	/* Fails only for what is no code point. */
	return (size_t)utf8proc_normalize_utf32(points, (utf8proc_ssize_t)count, options);
}
utf8proc_ssize_t code_points_normalize(const char *text, size_t length, utf8proc_int32_t *points,
	size_t most, utf8proc_option_t options)
{
	size_t count = 0;
	utf8proc_int32_t point;
	size_t step;

	for (size_t i = 0; i < length; i += step) {
		step = code_point_decode(text + i, length - i, &point);
		if (step == 0)
			return UTF8PROC_ERROR_INVALIDUTF8;
		utf8proc_ssize_t parts =
			code_points_decompose(point, points + count, most - count, options);
		if (parts < 0 || count + (size_t)parts > most)
			return parts < 0 ? parts : (utf8proc_ssize_t)(most + 1);
		count += (size_t)parts;
	}
	return (utf8proc_ssize_t)code_points_compose(points, count, options);
}

bool code_points_encode(
	const utf8proc_int32_t *points, size_t count, char *text, size_t size, size_t *length)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		utf8proc_uint8_t bytes[4];
		if (code_point_is_ascii(points[i]) && used < size) {
			text[used++] = (char)points[i];
			continue;
		}
		size_t encoded = (size_t)utf8proc_encode_char(points[i], bytes);
		if (encoded > size - used)
			return false;
		for (size_t j = 0; j < encoded; j++)
			text[used++] = (char)bytes[j];
	}
	*length = used;
	return true;
}
