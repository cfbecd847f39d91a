#ifndef ROLLCALL_STORE_FLAT_FILE_JOURNAL_SCAN_H
#define ROLLCALL_STORE_FLAT_FILE_JOURNAL_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/reason.h"
#include "base/result.h"
#include "store/files/vfs.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"

/* Takes a record. A status other than RESULT_OK makes it a bad one: RESULT_LIMIT for its number. */
typedef enum result journal_record_cb(void *argument, const struct record *record);
typedef void journal_found_cb(void *argument, const struct record *record);

/* What a flat file holds, found out by reading it once from beginning to end. Changes nothing. */
struct journal_scan {
	off_t start;       /* where the records begin, after the header; 0 if that is bad */
	off_t good;        /* bytes up to the end of the last good record before any bad one */
	off_t size;        /* bytes of the file */
	uint64_t bad_line; /* the first bad line, counted from 1 with the header; 0 if all are good
			    */
	bool has_good_after; /* and there, or after it, is what no crash leaves: a good record, or
				a line whose checksum is right */
	bool is_blank;       /* it holds no more than the beginning of a header */
	bool is_unended;     /* the last line is good, but its line feed is missing */
	bool has_header;
	struct header header;
	const char *fault; /* what is wrong with the first bad line, in words; or NULL */
};

/* What is shown on the way. */
struct journal_visitor {
	journal_record_cb *record; /* each up to the first bad one */
	journal_found_cb *found;   /* each good one at or after the first bad line; or NULL */
	void *argument;
};

/*
 * RESULT_OK whenever the file could be read; RESULT_SYSTEM with errno.
 *
 * A crash leaves an incomplete or bad end with nothing good after it: a torn end. A last record
 * that lacks nothing but its line feed is none. An editor or a copy can have taken the line feed
 * off a user that was acknowledged; and after a crash, one that was not may be there as well.
 */
enum result journal_scan(const struct vfs *vfs, int file, const struct journal_visitor *visitor,
	struct journal_scan *scan) MUST_CHECK;

/* Whether it is a flat file that can be opened: without damage, but for a torn end. */
bool journal_scan_is_sound(const struct journal_scan *scan);

/* Why one that is not sound is refused, and what can be done about it, in sentences. */
void journal_scan_explain(const struct journal_scan *scan, const char *path, struct reason *reason);

#endif
