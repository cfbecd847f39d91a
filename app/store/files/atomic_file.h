#ifndef ROLLCALL_STORE_FILES_ATOMIC_FILE_H
#define ROLLCALL_STORE_FILES_ATOMIC_FILE_H

#include <sys/types.h>

#include "base/buffer.h"
#include "base/result.h"
#include "store/files/vfs.h"

/*
 * A file that is written beside another, as PATH.new, and takes its place in one step: a
 * process that looks, or starts after a crash, has the old one or the new one, whole. The first
 * failure sticks: later writes do nothing, and atomic_file_commit() reports it.
 */
struct atomic_file;

/* Of the file at `path`. RESULT_SYSTEM with errno if it cannot be made. One left by a crash is
 * removed first. The new file gets the owner and the access rights of the old one (file_owner.h).
 */
enum result atomic_file_open(
	const struct vfs *vfs, const char *path, struct atomic_file **opened) MUST_CHECK;

/* The same, but the new file is the caller's own, whatever stood there. */
enum result atomic_file_open_own(
	const struct vfs *vfs, const char *path, struct atomic_file **opened) MUST_CHECK;

/* Locks it: a process that opens it once it is in place finds it locked. */
void atomic_file_lock(struct atomic_file *replacement);

/* It takes the place of that open file only: not of another that has the name by then, which fails
 * with VFS_REPLACED. */
void atomic_file_expect(struct atomic_file *replacement, int old);

/* Makes sure that there is room for so many bytes, before anything is written. */
void atomic_file_reserve(struct atomic_file *replacement, off_t length);

/* Both add to the end: what a buffer holds, unless it has failed, or what another file has between
 * two offsets. */
void atomic_file_write(struct atomic_file *replacement, const struct buffer *bytes);
void atomic_file_copy(struct atomic_file *replacement, int from, off_t start, off_t end);

/* The file, to read what was written so far; -1 with errno after a failure. */
int atomic_file_file(struct atomic_file *replacement);

/*
 * Syncs the file, puts it in place of the old one, syncs the directory, and frees `replacement`.
 * Once it is in place `file` gets its descriptor, open for reading and writing, and `length` how
 * long it is.
 *
 * RESULT_SYSTEM with errno: it failed and is gone, the old file stands. RESULT_UNAVAILABLE with
 * errno: it is in place, but a crash could still bring back the old one.
 */
enum result atomic_file_commit(
	struct atomic_file *replacement, int *file, off_t *length) MUST_CHECK;

/* Leaves the old file as it is. NULL is fine. */
void atomic_file_abandon(struct atomic_file *replacement);

#endif
