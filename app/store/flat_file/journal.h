#ifndef ROLLCALL_STORE_FLAT_FILE_JOURNAL_H
#define ROLLCALL_STORE_FLAT_FILE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"
#include "base/result.h"
#include "store/files/atomic_file.h"
#include "store/files/vfs.h"
#include "store/flat_file/claim.h"
#include "store/flat_file/header.h"
#include "store/flat_file/journal_scan.h"
#include "store/flat_file/mending.h"
#include "store/flat_file/record.h"

/*
 * The flat file, `users.log` in the data directory: a header line (header.h), then records, each a
 * line (record.h). It is appended to, or written anew and put in its own place. What this reports
 * as stored has been through fdatasync.
 */
struct journal;

/* Stands behind the error after which it is unknown what the disk has. */
#define JOURNAL_UNTIL_OPENED "; nothing is written until the file is opened again"

/* What opening found, for the log. */
struct journal_report {
	struct reason reason; /* why it failed, or why nothing can be written yet; else empty */
	struct header header;
};

/*
 * Opens the file, or makes a new one, and shows every record to `visit`. RESULT_MISSING if there is
 * none, but something in the directory says that there was one: then a new one is made only if the
 * caller `makes_list`, which gets RESULT_SYSTEM where there is one already.
 *
 * An incomplete or bad end with no good record after it is what a crash leaves behind: it was never
 * acknowledged. It is copied to a file of its own and cut off. A bad record with good ones after it
 * is damage, and so is one whose checksum is right but which does not belong where it stands:
 * RESULT_MALFORMED, the reason names the line, and nothing is changed. RESULT_BUSY if
 * another process has the file; `wait` is how many seconds to wait for it to end.
 *
 * If the process that had the file before was not able to close it, or there is no users.lock to
 * say so, what is read is written to a new file that takes its place: only then is it certain that
 * the disk has it. So is a file whose last record lacks its line feed: were that appended, a crash
 * could leave another byte there, and cost a user that was acknowledged. Where the file is a
 * symbolic link that place is the link's target. If any of this cannot be done, for want of room
 * above all, it is RESULT_OK all the same: what was read can be shown, but nothing is written
 * before it is done, which journal_probe() tries again.
 *
 * RESULT_SYSTEM, with errno, if the file is a symbolic link that leads nowhere, or a mount point:
 * claim.h.
 *
 * The directory's name is borrowed for as long as the journal is open.
 */
enum result journal_open(const struct vfs *vfs, const char *directory, unsigned wait,
	bool makes_list, journal_record_cb *visit, void *argument, struct journal **opened,
	struct journal_report *report) MUST_CHECK;

/*
 * Appends lines and waits until they are on disk. This, journal_probe() and journal_replace() may
 * be called on a worker thread, one at a time.
 *
 * RESULT_OK: on disk, in the file that users.log names. RESULT_FULL: a write failed; the file is as
 * before, and a later try may work. RESULT_UNAVAILABLE: nothing is written until journal_probe()
 * says otherwise, because opening left something to be done, or users.log names another file or
 * none. It never does if fdatasync failed, which leaves unknown what the disk holds, if the file
 * could not be cut back, or if another program wrote to it: then it has to be opened again.
 * `reason` gets why, valid until the next call, and errno the error that goes with it, or 0: so it
 * is with the calls below.
 */
enum result journal_append(
	struct journal *journal, const char *lines, size_t length, const char **reason) MUST_CHECK;

/* Looks after the file, whether there is something to append or not, and does what is to be done
 * before: whether an append could go through now, by the same rules. */
enum result journal_probe(struct journal *journal, const char **reason) MUST_CHECK;

/* Writes what the new file is to hold: of the old one, `length` bytes can be copied from `file`. */
typedef void journal_fill_cb(
	void *argument, struct atomic_file *replacement, int file, off_t length);

/*
 * Writes the file anew, with what `fill` writes, which takes the place of the old one in one step,
 * however the machine stops. RESULT_FULL: the old file is as before, whether something failed or
 * nothing may be written (journal_append()). RESULT_UNAVAILABLE: a crash could leave
 * either of the two.
 */
enum result journal_replace(struct journal *journal, journal_fill_cb *fill, void *argument,
	const char **reason) MUST_CHECK;

/* Whether what was stored is in the file that users.log names. Writes nothing. */
enum result journal_check(struct journal *journal, const char **reason) MUST_CHECK;

/* What was done about how the file was found, or is still due. Not during one of the calls above.
 */
const struct mending *journal_mending(const struct journal *journal);

/* How long the last append that reached the disk took; 0 if the file was written anew since.
 * Likewise. */
struct journal_times {
	uint64_t write; /* nanoseconds */
	uint64_t sync;
};

struct journal_times journal_times(const struct journal *journal);

/* Bytes of what is good in the file. Likewise. */
uint64_t journal_size(const struct journal *journal);

void journal_close(struct journal *journal);

#endif
