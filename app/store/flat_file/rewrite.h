#ifndef ROLLCALL_STORE_FLAT_FILE_REWRITE_H
#define ROLLCALL_STORE_FLAT_FILE_REWRITE_H

#include "base/buffer.h"
#include "base/result.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/replay.h"

/* Changes that touch more of the flat file than its end, or more than one append can make whole:
 * after each the file is either as it was or has all of it. Statuses as in journal_replace(). */

/* Writes the sheet settings and the users alone, without those that were removed and without the
 * records of removing them: their names are in the file no more. Whether there is room is asked
 * first. `replay` is all of what the file holds. */
enum result rewrite_compact(
	struct journal *journal, const struct replay *replay, const char **reason) MUST_CHECK;

/* Adds lines at the end: all of them, or none. */
enum result rewrite_extend(
	struct journal *journal, const struct buffer *lines, const char **reason) MUST_CHECK;

/* Appends lines as journal_append() does, with the same results, to a file with that header. If its
 * version does not have the records in them, the file is written anew, with a header that has it,
 * and the lines at its end: a program that does not know that version shall refuse the file, and
 * not take them for a torn end. `header` is what the file has afterwards. */
enum result rewrite_append(struct journal *journal, struct header *header,
	const struct buffer *lines, unsigned version, const char **reason) MUST_CHECK;

#endif
