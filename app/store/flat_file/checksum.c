/*
 * The checksum of a record: CRC-32, by libdeflate. It is there to find damage, not forgery, and
 * short enough to stand at the beginning of every line of a text file.
 */
#include "store/flat_file/checksum.h"

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

uint32_t checksum_extend(uint32_t checksum, const char *bytes, size_t length)
{
	return libdeflate_crc32(checksum, bytes, length);
}

bool checksum_read(const char *text, uint32_t *checksum)
{
	static const char digits[] = "0123456789abcdef";

	*checksum = 0;
	for (size_t i = 0; i < CHECKSUM_LENGTH; i++) {
		const char *digit = memchr(digits, text[i], sizeof(digits) - 1);
		if (digit == NULL)
			return false;
		*checksum = *checksum << 4 | (uint32_t)(digit - digits);
	}
	return true;
}

bool checksum_matches(const char *text, const char *bytes, size_t length)
{
	char expected[CHECKSUM_LENGTH];

	checksum_write(bytes, length, expected);
	return memcmp(text, expected, CHECKSUM_LENGTH) == 0;
}
