/*
 * The flat file while it is open: appending, writing anew, and the rule that nothing counts as
 * stored before fdatasync() has returned. The state says whether it may be written; a failed sync
 * is final, because the page cache can then no longer be trusted to match the disk.
 */
#include "store/flat_file/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/meters/meters.h"

#define CLIENT_BYTES 4096

enum journal_state {
	JOURNAL_SOUND,   /* it is appended to */
	JOURNAL_FULL,    /* a write failed, and was taken back: the next may go through */
	JOURNAL_TO_MEND, /* what opening found has to be put right before */
	JOURNAL_MOVED,   /* its name does not lead to it, until it does again */
	JOURNAL_CHANGED, /* another program wrote to it: final, as the next */
	JOURNAL_FAILED,  /* it is unknown what the disk holds */
};

struct journal {
	const struct vfs *vfs;
	struct claim claim;
	struct mending mending;
	int file;
	off_t length; /* of what is good, and is on disk when there is nothing to mend */
	bool is_open;
	enum journal_state state;
	int write_error;      /* errno of the last write, 0 if it went well */
	struct reason reason; /* why something failed, or nothing is written */
	int cause;            /* the errno that goes with it, or 0 */
	struct journal_times times;
};

/* Keeps the errno that goes with the reason. */
static enum result fail_because(struct journal *journal, int cause, enum result result)
{
	errno = journal->cause = cause;
	return result;
}

static enum result journal_failed(struct journal *journal, const char *what)
{
	return fail_because(journal, errno, vfs_fail(&journal->reason, what, journal->claim.name));
}

/* Nothing is written in that state. */
static enum result refuse_because(
	struct journal *journal, enum journal_state state, int cause, enum result result)
{
	journal->state = state;
	return fail_because(journal, cause, result);
}

static enum result refuse_write(struct journal *journal, int error)
{
	journal->write_error = error;
	return refuse_because(journal, JOURNAL_FULL, error,
		reason_fail(&journal->reason, RESULT_FULL, "%s", vfs_words(error)));
}

static enum result give_up(struct journal *journal)
{
	return refuse_because(journal, JOURNAL_FAILED, errno,
		reason_fail(&journal->reason, RESULT_UNAVAILABLE, "%s" JOURNAL_UNTIL_OPENED,
			vfs_words(errno)));
}

static void become_sound(struct journal *journal)
{
	journal->state = JOURNAL_SOUND;
	journal->write_error = 0;
}

/* So that one with half a header is never seen. */
static enum result create_file(struct journal *journal)
{
	struct claim *claim = &journal->claim;
	struct atomic_file *replacement;
	struct buffer header = {0};
	off_t length;

	if (atomic_file_open(journal->vfs, claim->path, &replacement) != RESULT_OK)
		return journal_failed(journal, "create");
	atomic_file_lock(replacement);
	header_append(&header, 0);
	atomic_file_write(replacement, &header);
	buffer_free(&header);
	if (atomic_file_commit(replacement, &journal->file, &length) != RESULT_OK)
		return journal_failed(journal, "create");
	return claim_confirm(claim, &journal->reason);
}

static enum result refuse_new(struct journal *journal, const char *trace)
{
	return fail_because(journal, ENOENT,
		reason_fail(&journal->reason, RESULT_MISSING,
			"%s is not there, but %s beside it says that there was a list: put it "
			"back, or "
			"have a new one made with --new",
			journal->claim.name, trace));
}

/* A list that was moved away, or whose disk is not mounted, is not to be taken for one that never
 * was. */
static enum result check_new(struct journal *journal, bool makes_list)
{
	const struct claim *claim = &journal->claim;

	if (makes_list && journal->file >= 0)
		return fail_because(journal, EEXIST,
			reason_fail(&journal->reason, RESULT_SYSTEM,
				"%s is there: --new would make a list, so start without --new",
				claim->name));
	if (makes_list || journal->file >= 0)
		return RESULT_OK;
	if (claim->has_list)
		return refuse_new(journal, JOURNAL_LOCK);
	char *trace = journal->vfs->trace(journal->vfs, claim->name, header_size());
	if (trace == NULL)
		return RESULT_OK;
	enum result result = refuse_new(journal, trace);
	free(trace);
	return result;
}

/* The program that put the file there, or the link to it, may have died before this. */
static enum result sync_names(struct journal *journal)
{
	const struct claim *claim = &journal->claim;
	bool is_link = strcmp(claim->name, claim->path) != 0;

	if (vfs_sync_parent(journal->vfs, claim->path) != 0 ||
		(is_link && vfs_sync_parent(journal->vfs, claim->name) != 0))
		return journal_failed(journal, "sync the directory of");
	return RESULT_OK;
}

static enum result read_journal(
	struct journal *journal, const struct journal_visitor *visitor, struct header *header)
{
	const char *name = journal->claim.name;
	struct journal_scan scan;

	if (journal_scan(journal->vfs, journal->file, visitor, &scan) != RESULT_OK)
		return journal_failed(journal, "read");
	if (!journal_scan_is_sound(&scan)) {
		journal_scan_explain(&scan, name, &journal->reason);
		return RESULT_MALFORMED;
	}
	*header = scan.header;
	journal->length = scan.good;
	journal->mending.length = scan.good;
	journal->mending.end = scan.size;
	journal->mending.is_unended = scan.is_unended;
	return RESULT_OK;
}

static enum result mend_journal(struct journal *journal)
{
	struct mending *mending = &journal->mending;
	const char *name = journal->claim.name;
	enum result result =
		mending_run(mending, journal->vfs, journal->claim.path, &journal->file);

	journal->length = mending->length;
	if (result == RESULT_OK)
		return RESULT_OK;
	if (result == RESULT_MALFORMED)
		return refuse_because(journal, JOURNAL_FAILED, EIO,
			reason_fail(&journal->reason, RESULT_UNAVAILABLE,
				"%s does not hold any more what was read at the start: it has to "
				"be read "
				"again",
				name));
	return refuse_because(journal, JOURNAL_TO_MEND, errno,
		reason_fail(&journal->reason, RESULT_UNAVAILABLE, "cannot %s %s: %s",
			mending->failed_at, name, vfs_words(errno)));
}

static enum result open_file(struct journal *journal, bool makes_list,
	const struct journal_visitor *visitor, struct header *header)
{
	bool is_new = journal->file < 0;
	enum result result = check_new(journal, makes_list);

	if (result == RESULT_OK)
		result = is_new ? create_file(journal) : sync_names(journal);
	if (result == RESULT_OK)
		result = read_journal(journal, visitor, header);
	if (result != RESULT_OK)
		return result;
	journal->mending.is_doubtful = !is_new && !journal->claim.was_clean;
	bool is_readable = mend_journal(journal) == RESULT_OK || journal->state == JOURNAL_TO_MEND;
	return is_readable ? RESULT_OK : RESULT_SYSTEM;
}

enum result journal_open(const struct vfs *vfs, const char *directory, unsigned wait,
	bool makes_list, journal_record_cb *visit, void *argument, struct journal **opened,
	struct journal_report *report)
{
	const struct journal_visitor visitor = {.record = visit, .argument = argument};
	struct journal *journal = memory_zeroed(sizeof(*journal));

	*report = (struct journal_report){0};
	journal->vfs = vfs;
	enum result result =
		claim_take(&journal->claim, vfs, directory, wait, &journal->file, &journal->reason);
	if (result == RESULT_OK)
		result = open_file(journal, makes_list, &visitor, &report->header);
	report->reason = journal->reason;
	if (result != RESULT_OK) {
		int cause = errno;
		journal_close(journal);
		errno = cause;
		return result;
	}
	journal->is_open = true;
	*opened = journal;
	return RESULT_OK;
}

static enum result tell_reason(
	const struct journal *journal, enum result result, const char **reason)
{
	*reason = result != RESULT_OK ? journal->reason.text : NULL;
	if (result != RESULT_OK)
		errno = journal->cause;
	return result;
}

/* Whether the name still leads to the file: else what is stored is not where it is looked for. */
static enum result check_name(struct journal *journal)
{
	const char *name = journal->claim.name;
	int named = journal->vfs->is_named(journal->vfs, journal->file, name);

	if (named > 0)
		return RESULT_OK;
	if (named < 0)
		return refuse_because(journal, JOURNAL_MOVED, errno,
			reason_fail(&journal->reason, RESULT_UNAVAILABLE, "cannot look for %s: %s",
				name, vfs_words(errno)));
	return refuse_because(journal, JOURNAL_MOVED, 0,
		reason_fail(&journal->reason, RESULT_UNAVAILABLE,
			"%s was moved or removed while in use: move it back, or save a copy of "
			"/proc/%ld/fd/%d before this process ends",
			name, (long)getpid(), journal->file));
}

/* Whether the file ends where it was left: else what would be appended had nothing before it. */
static enum result check_end(struct journal *journal)
{
	char end[2];
	ssize_t got = vfs_read(journal->vfs, journal->file, end, sizeof(end), journal->length - 1);

	if (got == 1)
		return RESULT_OK;
	if (got < 0)
		return refuse_write(journal, errno);
	return refuse_because(journal, JOURNAL_CHANGED, 0,
		reason_fail(&journal->reason, RESULT_UNAVAILABLE,
			"another program changed %s while it was in use, as logrotate's "
			"copytruncate does: "
			"what it lacks now is in the memory of this process only",
			journal->claim.name));
}

/* What was written last is gone again, and must be on disk as gone, or a half could come back. */
static enum result take_back(struct journal *journal)
{
	if (journal->vfs->truncate(journal->vfs, journal->file, journal->length) != 0 ||
		journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	return RESULT_OK;
}

static enum result cut_back(struct journal *journal)
{
	int cause = errno;
	enum result result = take_back(journal);

	return result == RESULT_OK ? refuse_write(journal, cause) : result;
}

static enum result append_lines(struct journal *journal, const char *lines, size_t length)
{
	if (journal->state > JOURNAL_FULL)
		return RESULT_UNAVAILABLE;
	enum result result = check_end(journal);
	if (result != RESULT_OK)
		return result;
	uint64_t began = meters_clock();
	if (vfs_write(journal->vfs, journal->file, lines, length, journal->length) != 0)
		return cut_back(journal);
	uint64_t written = meters_clock();
	/* Never tried again after a failure: the kernel may have dropped the pages and would report
	 * success. */
	if (journal->vfs->sync(journal->vfs, journal->file) != 0)
		return give_up(journal);
	journal->times = (struct journal_times){written - began, meters_clock() - written};
	result = check_name(journal);
	if (result != RESULT_OK) {
		(void)take_back(journal);
		return result;
	}
	journal->length += (off_t)length;
	become_sound(journal);
	return RESULT_OK;
}

enum result journal_append(
	struct journal *journal, const char *lines, size_t length, const char **reason)
{
	return tell_reason(journal, append_lines(journal, lines, length), reason);
}

/* Room that is found stays allocated past the end, for the next append. What is not about room
 * shows only in a write, which is taken back. */
static enum result try_room(struct journal *journal)
{
	static const char bytes[CLIENT_BYTES];
	const struct vfs *vfs = journal->vfs;

	if (journal->write_error == ENOSPC || journal->write_error == EDQUOT) {
		bool is_there =
			vfs->allocate(vfs, journal->file, journal->length, CLIENT_BYTES) == 0 ||
			errno == EOPNOTSUPP;
		return is_there ? RESULT_OK : refuse_write(journal, journal->write_error);
	}
	if (vfs_write(vfs, journal->file, bytes, sizeof(bytes), journal->length) != 0)
		return cut_back(journal);
	return take_back(journal);
}

static enum result probe(struct journal *journal)
{
	if (journal->state > JOURNAL_MOVED)
		return RESULT_UNAVAILABLE;
	enum result result = check_name(journal);
	if (result != RESULT_OK)
		return result;
	result = mending_is_due(&journal->mending) ? mend_journal(journal) : check_end(journal);
	if (result == RESULT_OK && journal->write_error != 0)
		result = try_room(journal);
	if (result == RESULT_OK)
		become_sound(journal);
	return result;
}

enum result journal_probe(struct journal *journal, const char **reason)
{
	return tell_reason(journal, probe(journal), reason);
}

static enum result check_sound(struct journal *journal)
{
	if (journal->state == JOURNAL_CHANGED)
		return RESULT_UNAVAILABLE;
	enum result result = check_name(journal);
	return result == RESULT_OK && journal->state <= JOURNAL_FULL ? check_end(journal) : result;
}

enum result journal_check(struct journal *journal, const char **reason)
{
	return tell_reason(journal, check_sound(journal), reason);
}

struct journal_times journal_times(const struct journal *journal)
{
	return journal->times;
}

uint64_t journal_size(const struct journal *journal)
{
	return (uint64_t)journal->length;
}

const struct mending *journal_mending(const struct journal *journal)
{
	return &journal->mending;
}

/* What stands under the name now may be another list, and not to be replaced by this one. */
static enum result check_replaceable(struct journal *journal)
{
	if (journal->state == JOURNAL_FAILED)
		return RESULT_UNAVAILABLE;
	bool is_ours = journal->state <= JOURNAL_FULL && check_name(journal) == RESULT_OK &&
		       check_end(journal) == RESULT_OK;
	return is_ours ? RESULT_OK : RESULT_FULL;
}

static enum result replace(struct journal *journal, journal_fill_cb *fill, void *argument)
{
	struct atomic_file *replacement;
	int file = -1;
	off_t length = 0;
	enum result result = check_replaceable(journal);

	if (result != RESULT_OK)
		return result;
	journal->times = (struct journal_times){0};
	result = atomic_file_open(journal->vfs, journal->claim.path, &replacement);
	if (result == RESULT_OK) {
		atomic_file_expect(replacement, journal->file);
		atomic_file_lock(replacement);
		fill(argument, replacement, journal->file, journal->length);
		result = atomic_file_commit(replacement, &file, &length);
	}
	if (result == RESULT_SYSTEM)
		return fail_because(journal, errno,
			reason_fail(&journal->reason, RESULT_FULL, "%s", vfs_words(errno)));
	if (result != RESULT_OK)
		result = give_up(journal);
	journal->vfs->close(journal->vfs, journal->file);
	journal->file = file;
	journal->length = length;
	return result;
}

enum result journal_replace(
	struct journal *journal, journal_fill_cb *fill, void *argument, const char **reason)
{
	return tell_reason(journal, replace(journal, fill, argument), reason);
}

/* One that found no file touched nothing: the end before is what it was. */
static bool is_clean(const struct journal *journal)
{
	return journal->is_open ? journal->state <= JOURNAL_FULL
				: journal->file < 0 && journal->claim.was_clean;
}

void journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->file >= 0)
		journal->vfs->close(journal->vfs, journal->file);
	claim_give_up(&journal->claim, is_clean(journal));
	free(journal);
}
