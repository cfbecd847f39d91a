#ifndef ROLLCALL_JOURNAL_H
#define ROLLCALL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../status.h"
#include "claim.h"
#include "disk.h"
#include "header.h"
#include "journal_scan.h"
#include "record.h"
#include "replacement.h"

/*
 * The flat file, `users.log` in the data directory: a header line (header.h), then records, each a
 * line (record.h). It is appended to, or written anew and put in its own place. What this reports
 * as stored has been through fdatasync.
 */
struct journal;

#define JOURNAL_REASON_SIZE CLAIM_REASON_SIZE

/* What opening found, for the log. */
struct journal_report {
	char reason[JOURNAL_REASON_SIZE]; /* why it failed, in words */
	struct header header;
	bool is_written_anew; /* the end before was not a clean one */
	bool is_unended;      /* the last line feed was missing: it was written anew, with it */
	uint64_t torn_bytes;  /* cut off the end, 0 if none */
	char torn_copy[256];  /* the file they were saved in */
};

/*
 * Opens the file, or makes a new one, and shows every record to `visit`.
 *
 * An incomplete or bad end with no good record after it is what a crash leaves behind: it was never
 * acknowledged. It is copied to a file of its own and cut off. A bad record with good ones after it
 * is damage, and so is one whose checksum is right but which does not belong where it stands:
 * STATUS_MALFORMED, the reason names the line, and nothing is changed. STATUS_BUSY if
 * another process has the file; `wait` is how many seconds to wait for it to end.
 *
 * If the process that had the file before was not able to close it, or there is no users.lock to
 * say so, what is read is written to a new file that takes its place: only then is it certain that
 * the disk has it. So is a file whose last record lacks its line feed: were that appended, a crash
 * could leave another byte there, and cost a user who was acknowledged. Where the file is a
 * symbolic link that place is the link's target.
 *
 * STATUS_SYSTEM if the file is a symbolic link that leads nowhere, or a mount point: claim.h.
 */
enum status journal_open(const struct disk *disk, const char *directory, unsigned wait,
	journal_visit *visit, void *argument, struct journal **opened,
	struct journal_report *report) MUST_CHECK;

/*
 * Appends lines and waits until they are on disk. This, journal_probe() and journal_replace() may
 * be called on a worker thread, one at a time.
 *
 * STATUS_OK: on disk. STATUS_FULL: a write failed; the file is as before, and a later try may work.
 * STATUS_UNAVAILABLE: fdatasync failed, so nobody knows what the disk holds, or the file could not
 * be cut back: nothing is written to it any more until it is opened again. `reason` gets the
 * system's words.
 */
enum status journal_append(
	struct journal *journal, const char *lines, size_t length, const char **reason) MUST_CHECK;

/* Whether an append, after one that failed, would find room now; by the same rules. */
enum status journal_probe(struct journal *journal, const char **reason) MUST_CHECK;

/* Writes what the new file is to hold: of the old one, `length` bytes can be copied from `file`. */
typedef void journal_fill(void *argument, struct replacement *replacement, int file, off_t length);

/*
 * Writes the file anew, with what `fill` writes, which takes the place of the old one in one step,
 * however the machine stops. By the rules of journal_append(), but that STATUS_FULL stands for any
 * failure after which the old file is as before.
 */
enum status journal_replace(struct journal *journal, journal_fill *fill, void *argument,
	const char **reason) MUST_CHECK;

void journal_close(struct journal *journal);

#endif
