/*
 * Reads the kernel's boot id. After a restart of the machine the page cache is empty, so what is
 * read is what the disk has, and the file needs no rewrite after an unclean end.
 */
#include "store/files/boot_id.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stddef.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "store/files/unsafe_file_system.h"

#define SOURCE "/proc/sys/kernel/random/boot_id"

static bool read_id(int file, char id[static BOOT_ID_SIZE])
{
	struct statfs status;

	if (fstatfs(file, &status) != 0 || status.f_type != PROC_SUPER_MAGIC)
		return false;
	if (read(file, id, BOOT_ID_SIZE - 1) != BOOT_ID_SIZE - 1)
		return false;
	id[BOOT_ID_SIZE - 1] = '\0';
	return strspn(id, "0123456789abcdef-") == BOOT_ID_SIZE - 1;
}

bool boot_id_from(const char *source, char id[static BOOT_ID_SIZE])
{
	int file = open(source, O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return false;
	bool is_read = read_id(file, id);
	close(file);
	return is_read;
}

bool boot_id(const char *path, char id[static BOOT_ID_SIZE])
{
	return unsafe_file_system(path) == NULL && boot_id_from(SOURCE, id);
}
