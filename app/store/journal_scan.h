#ifndef ROLLCALL_JOURNAL_SCAN_H
#define ROLLCALL_JOURNAL_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../status.h"
#include "disk.h"
#include "journal.h"

/* What a flat file holds, found out by reading it once from beginning to end. Changes nothing. */
struct journal_scan {
	off_t good;        /* bytes up to the end of the last good record before any bad one */
	off_t size;        /* bytes of the file */
	uint64_t bad_line; /* the first bad line, counted from 1 with the header; 0 if all are good
			    */
	bool has_good_after; /* a good record stands at or after the first bad line */
	bool has_header;
};

/* The first line of the file: what it is, the version of the format, and the Unicode tables it was
 * begun with. */
#define JOURNAL_MAGIC "rollcall-users\t1\t"

/* STATUS_OK whenever the file could be read; STATUS_SYSTEM with errno. */
enum status journal_scan(const struct disk *disk, int file, journal_visit *visit, void *argument,
	struct journal_scan *scan) MUST_CHECK;

#endif
