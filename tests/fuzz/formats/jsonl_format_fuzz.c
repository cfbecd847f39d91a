/* Lists of users as JSON Lines: see formats/list.h. */
#include "fuzz/formats/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};

	list_check(&jsonl_format, &input);
	return 0;
}
