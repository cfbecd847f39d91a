#include "build_id.h"

#include "support/test.h"

/* That other builds have another one is the linker's matter. */
TEST(a_build_has_one)
{
	assert_true(build_id_hash() != 0);
	assert_true(build_id_hash() == build_id_hash());
}
