#include "store/flat_file/checksum.h"

#include <string.h>

#include "support/test.h"

/* The check value of CRC-32 (of "123456789"), and others by Python's zlib.crc32. */
TEST(known_values)
{
	static const struct {
		const char *bytes;
		const char *text;
	} known[] = {{"", "00000000"}, {"123456789", "cbf43926"}, {"a", "e8b7be43"},
		{"+\t1\t2026-11-24T03:41:41.123Z\talice", "e27d2ad5"}};
	char text[CHECKSUM_LENGTH];

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		size_t length = strlen(known[i].bytes);
		checksum_write(known[i].bytes, length, text);
		assert_memory_equal(text, known[i].text, CHECKSUM_LENGTH);
		assert_true(checksum_matches(known[i].text, known[i].bytes, length));
	}
}

TEST(one_spelling)
{
	assert_false(checksum_matches("CBF43926", "123456789", 9));
	assert_false(checksum_matches("cbf43927", "123456789", 9));
	assert_false(checksum_matches("cbf43926", "123456788", 9));
}
