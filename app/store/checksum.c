#include "checksum.h"

#include <zlib.h>

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint32_t checksum_of(const char *bytes, size_t length)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)bytes, length);
}

bool checksum_matches(const char *text, const char *bytes, size_t length)
{
	uint32_t stored = 0;

	for (size_t i = 0; i < CHECKSUM_LENGTH; i++) {
		int value = hex_value(text[i]);
		if (value < 0)
			return false;
		stored = stored << 4 | (uint32_t)value;
	}
	return stored == checksum_of(bytes, length);
}
