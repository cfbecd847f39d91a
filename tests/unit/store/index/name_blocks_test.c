/* Memory for names where many come and go. */
#include "store/index/name_blocks.h"

#include <malloc.h>
#include <string.h>

#include "support/test.h"

#define BLOCK ((size_t)16 << 20)

/* Bytes that the allocator has taken for large blocks. A sanitizer does not say. */
static size_t bytes_of_blocks(void)
{
	return mallinfo2().hblkhd;
}

/* A thousand stay, of a million in all: no more than the block that is filled, and the one before.
 */
TEST(names_that_are_gone_are_given_back)
{
	static char *names[1000];
	struct name_blocks blocks = {0};
	size_t before = bytes_of_blocks();

	for (size_t i = 0; i < 1000000; i++) {
		char **place = &names[i % (sizeof(names) / sizeof(names[0]))];
		if (*place != NULL)
			name_blocks_forget(&blocks, *place);
		*place = name_blocks_take(&blocks, 64);
		memset(*place, 'a', 64);
		assert_in_range(bytes_of_blocks(), 0, before + 3 * BLOCK);
	}
	name_blocks_free(&blocks);
	assert_in_range(bytes_of_blocks(), 0, before);
}
