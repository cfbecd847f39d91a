#ifndef ROLLCALL_STORE_FLAT_FILE_REPAIR_H
#define ROLLCALL_STORE_FLAT_FILE_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"
#include "base/result.h"
#include "store/files/vfs.h"
#include "store/flat_file/claim.h"

/* What was found and done, or why not. */
struct repair_report {
	struct reason reason; /* why it failed */
	bool is_sound;        /* there was nothing to repair, and nothing was changed */
	uint64_t bad_line;    /* the first, counted from 1 with the header */
	uint64_t users;       /* that the file holds now */
	uint64_t kept;        /* records */
	uint64_t dropped;     /* records that are good, but contradict those kept */
	uint64_t saved_bytes; /* of what is in the file no more */
	char saved_copy[256]; /* the file they are in; empty if there are none */
};

/*
 * Makes a damaged flat file one that can be opened, and loses nothing: every record whose checksum
 * is right is kept, if need be in a better place, unless it contradicts the others. Whatever else
 * the file held is in a file beside it before the new file takes the place of the old one, in one
 * step.
 *
 * RESULT_MALFORMED: there is no good record in it, so it may be anything; RESULT_BUSY: another
 * process has it; RESULT_SYSTEM. After these the file is as it was.
 */
enum result repair(
	const struct vfs *vfs, const char *directory, struct repair_report *report) MUST_CHECK;

#endif
