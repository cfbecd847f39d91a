#ifndef ROLLCALL_JOURNAL_SCAN_H
#define ROLLCALL_JOURNAL_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../status.h"
#include "disk.h"
#include "header.h"
#include "record.h"

/* Takes a record. A status other than STATUS_OK makes it a bad one. */
typedef enum status journal_visit(void *argument, const struct record *record);
typedef void journal_found(void *argument, const struct record *record);

/* What a flat file holds, found out by reading it once from beginning to end. Changes nothing. */
struct journal_scan {
	off_t start;       /* where the records begin, after the header; 0 if that is bad */
	off_t good;        /* bytes up to the end of the last good record before any bad one */
	off_t size;        /* bytes of the file */
	uint64_t bad_line; /* the first bad line, counted from 1 with the header; 0 if all are good
			    */
	bool has_good_after; /* a good record stands at or after the first bad line */
	bool has_header;
	struct header header;
};

/* What is shown on the way. */
struct journal_visitor {
	journal_visit *record; /* each up to the first bad one */
	journal_found *found;  /* each good one at or after the first bad line; or NULL */
	void *argument;
};

/* STATUS_OK whenever the file could be read; STATUS_SYSTEM with errno. */
enum status journal_scan(const struct disk *disk, int file, const struct journal_visitor *visitor,
	struct journal_scan *scan) MUST_CHECK;

#endif
