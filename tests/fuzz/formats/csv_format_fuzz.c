/* Lists of users as CSV: see formats/list.h. */
#include "fuzz/formats/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};

	list_check(&csv_format, &input);
	return 0;
}
