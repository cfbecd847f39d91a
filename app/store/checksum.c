#include "checksum.h"

#include <libdeflate.h>
#include <string.h>

void checksum_write(const char *bytes, size_t length, char text[static CHECKSUM_LENGTH])
{
	uint32_t checksum = libdeflate_crc32(0, bytes, length);

	for (size_t i = CHECKSUM_LENGTH; i > 0; i--) {
		text[i - 1] = "0123456789abcdef"[checksum & 0xf];
		checksum >>= 4;
	}
}

bool checksum_matches(const char *text, const char *bytes, size_t length)
{
	char expected[CHECKSUM_LENGTH];

	checksum_write(bytes, length, expected);
	return memcmp(text, expected, CHECKSUM_LENGTH) == 0;
}
