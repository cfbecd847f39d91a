#include "store/files/unsafe_file_system.h"

#include <linux/magic.h>
#include <stddef.h>

#include "support/test.h"

static void expect_type(long type, const char *name)
{
	const struct file_system *found = unsafe_file_system_type(type);

	assert_non_null(found);
	assert_string_equal(found->name, name);
	assert_true(found->doubt[0] != '\0');
}

TEST(in_memory_or_on_another_machine)
{
	expect_type(TMPFS_MAGIC, "tmpfs");
	expect_type(NFS_SUPER_MAGIC, "nfs");
	expect_type(SMB2_SUPER_MAGIC, "smb2");
	expect_type(CIFS_SUPER_MAGIC, "cifs");
	expect_type(V9FS_MAGIC, "9p");
	expect_type(FUSE_SUPER_MAGIC, "fuse");
}

TEST(on_a_disk)
{
	assert_null(unsafe_file_system_type(EXT4_SUPER_MAGIC));
	assert_null(unsafe_file_system_type(XFS_SUPER_MAGIC));
	assert_null(unsafe_file_system_type(BTRFS_SUPER_MAGIC));
	assert_null(unsafe_file_system_type(0));
}

TEST(of_a_directory)
{
	/* Everywhere of a type of its own, and nobody's data directory. */
	assert_null(unsafe_file_system("/proc"));
	assert_null(unsafe_file_system("/nothing/here"));
}
