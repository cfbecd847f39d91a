#ifndef ROLLCALL_STORE_FILES_UNSAFE_FILE_SYSTEM_H
#define ROLLCALL_STORE_FILES_UNSAFE_FILE_SYSTEM_H

#include "base/log.h"

/* Kinds of file systems on which fdatasync does not mean what the store needs it to. */
struct file_system {
	long type; /* as in statfs(2) */
	const char *name;
	const char *doubt; /* what is the matter with it, in words */
};

/* The file system of a file or directory if it is one of them; NULL if not, or if that is unknown.
 */
const struct file_system *unsafe_file_system(const char *path);

/* The same for a type. */
const struct file_system *unsafe_file_system_type(long type);

/* Logs a warning if a file of this directory is on one of them. */
void unsafe_file_system_warn(struct log *log, const char *directory, const char *name);

#endif
