#include "code_points.h"

#include <string.h>

utf8proc_ssize_t code_points_normalize(const char *text, size_t length, utf8proc_int32_t *points,
	utf8proc_ssize_t most, utf8proc_option_t options)
{
	utf8proc_ssize_t count = utf8proc_decompose(
		(const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, points, most, options);

	if (count < 0 || count > most)
		return count;
	return utf8proc_normalize_utf32(points, count, options);
}

bool code_points_encode(
	const utf8proc_int32_t *points, size_t count, char *text, size_t size, size_t *length)
{
	*length = 0;
	for (size_t i = 0; i < count; i++) {
		utf8proc_uint8_t bytes[4] = {(utf8proc_uint8_t)points[i]};
		size_t encoded = code_point_is_ascii(points[i])
					 ? 1
					 : (size_t)utf8proc_encode_char(points[i], bytes);
		if (encoded > size - *length)
			return false;
		memcpy(text + *length, bytes, encoded);
		*length += encoded;
	}
	return true;
}
