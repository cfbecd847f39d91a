#ifndef ROLLCALL_STORE_FLAT_FILE_MENDING_H
#define ROLLCALL_STORE_FLAT_FILE_MENDING_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/result.h"
#include "store/files/vfs.h"

/*
 * What opening the flat file finds and has to put right before anything is appended. A torn end is
 * saved beside the file and taken off. A line feed that is missing after the last record is added.
 * And after an end that was not clean the page cache may show what the disk lacks, and syncing the
 * same file again may not write it (a sync that failed counts as done): so what was read goes to a
 * new file, which takes the place of the old one. So it does with the line feed: were that
 * appended, a crash could leave another byte in its place.
 *
 * All of this needs room. It can be tried again at any time: what is there stays as it is until
 * what replaces it is on disk.
 */
struct mending {
	off_t length;     /* bytes that are good */
	off_t end;        /* bytes of the file: the difference is a torn end */
	bool is_doubtful; /* the page cache may show what the disk lacks */
	bool is_unended;  /* the last record lacks its line feed */

	/* What was done. */
	bool is_written_anew; /* because it was doubtful */
	bool was_unended;
	off_t torn_bytes;      /* saved, and taken off */
	char torn_copy[256];   /* the file they are in; empty if they are in none yet */
	const char *failed_at; /* after a failure: "write anew", of the file */
};

bool mending_is_due(const struct mending *mending);

/*
 * Does what is still to be done. `file` is the flat file, open and locked, and becomes the new one;
 * `path` is where that goes. RESULT_SYSTEM with errno: try again later. RESULT_MALFORMED: the file
 * does not hold what was read any more, and has to be read again.
 */
enum result mending_run(
	struct mending *mending, const struct vfs *vfs, const char *path, int *file) MUST_CHECK;

#endif
