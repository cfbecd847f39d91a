/*
 * The file systems on which fdatasync() does not mean that data survives a crash of the machine.
 * The server warns at start; it does not refuse, since tests and demonstrations run on tmpfs.
 */
#include "store/files/unsafe_file_system.h"

#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include "base/memory.h"

#define MEMORY  "it is in memory: nothing is left when the machine stops"
#define NETWORK "it is on another machine: what fdatasync and locks promise depends on that one"

static const struct file_system doubtful[] = {
	{TMPFS_MAGIC, "tmpfs", MEMORY},
	{RAMFS_MAGIC, "ramfs", MEMORY},
	{NFS_SUPER_MAGIC, "nfs", NETWORK},
	{SMB_SUPER_MAGIC, "smb", NETWORK},
	{CIFS_SUPER_MAGIC, "cifs", NETWORK},
	{SMB2_SUPER_MAGIC, "smb2", NETWORK},
	{V9FS_MAGIC, "9p", NETWORK},
	{CEPH_SUPER_MAGIC, "ceph", NETWORK},
	{AFS_SUPER_MAGIC, "afs", NETWORK},
	{AFS_FS_MAGIC, "afs", NETWORK},
	{FUSE_SUPER_MAGIC, "fuse",
		"it is a program's own: what fdatasync promises depends on that program"},
};

const struct file_system *unsafe_file_system_type(long type)
{
	for (size_t i = 0; i < sizeof(doubtful) / sizeof(doubtful[0]); i++) {
		if (doubtful[i].type == type)
			return &doubtful[i];
	}
	return NULL;
}

const struct file_system *unsafe_file_system(const char *path)
{
	struct statfs status;
	int result;

	do
		result = statfs(path, &status);
	while (result != 0 && errno == EINTR);
	return result == 0 ? unsafe_file_system_type((long)status.f_type) : NULL;
}

void unsafe_file_system_warn(struct log *log, const char *directory, const char *name)
{
	char *path = memory_printf("%s/%s", directory, name);
	const struct file_system *found = unsafe_file_system(path);

	free(path);
	if (found != NULL)
		log_event(log, LOG_WARN, "file-system", LOG_TEXT("type", found->name),
			LOG_TEXT("directory", directory), LOG_TEXT("reason", found->doubt));
}
