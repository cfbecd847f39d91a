/*
 * UTF-8, checked and written. Forms, JSON, lists of users and the records on disk all bring text
 * from outside; this is the one place that decides what is UTF-8. What a character is (a letter, a
 * mark) is a question of Unicode: see store/names/code_points.
 */
#include "base/utf8.h"

bool utf8_is_valid(const char *text, size_t length)
{
	int32_t point;

	for (size_t i = 0, step; i < length; i += step) {
		step = utf8_decode(text + i, length - i, &point);
		if (step == 0)
			return false;
	}
	return true;
}

bool utf8_encode(const int32_t *points, size_t count, char *text, size_t size, size_t *length)
{
	size_t used = 0, i;

	for (i = 0; i < count; i++) {
		uint32_t point = (uint32_t)points[i];
		size_t encoded = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
		if (encoded > size - used)
			break;
		for (size_t j = encoded - 1; j > 0; j--, point >>= 6)
			text[used + j] = (char)(0x80 | (point & 0x3f));
		text[used] = (char)(encoded == 1 ? point : (0xf00 >> encoded & 0xf0) | point);
		used += encoded;
	}
	*length = used;
	return i == count;
}
