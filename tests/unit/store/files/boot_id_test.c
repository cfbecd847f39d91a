#include "store/files/boot_id.h"

#include <string.h>

#include "store/files/unsafe_file_system.h"
#include "support/test.h"
#include "support/unit/flat_file.h"

#define OTHER "01234567-89ab-cdef-0123-456789abcdef\n"

TEST(same_each_time)
{
	char first[BOOT_ID_SIZE], second[BOOT_ID_SIZE];

	assert_true(boot_id("/proc", first)); /* no file system that is doubtful */
	assert_true(boot_id("/proc", second));
	assert_int_equal(strlen(first), BOOT_ID_SIZE - 1);
	assert_string_equal(first, second);
}

/* As one that a container manager mounts over that of the kernel. */
TEST(from_elsewhere)
{
	char id[BOOT_ID_SIZE];
	struct flat_file file;

	flat_file_make(&file);
	flat_file_write(file.path, OTHER, sizeof(OTHER) - 1);
	assert_false(boot_id_from(file.path, id));
	flat_file_remove(&file);
}

TEST(no_id)
{
	char id[BOOT_ID_SIZE];

	assert_false(boot_id_from("/nothing/here", id));
	assert_false(boot_id_from("/proc", id));
	assert_false(boot_id_from("/proc/version", id)); /* longer, and no id */
	assert_false(boot_id_from("/proc/loadavg", id)); /* shorter */
}

/* Where a page cache is not all that could show what no disk has: where there is such a place. */
TEST(caches_elsewhere)
{
	char id[BOOT_ID_SIZE];

	if (unsafe_file_system("/dev/shm") == NULL)
		skip_because("/dev/shm is not in memory");
	assert_false(boot_id("/dev/shm", id));
}
