#ifndef ROLLCALL_STORE_FLAT_FILE_CHANGES_H
#define ROLLCALL_STORE_FLAT_FILE_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buffer.h"
#include "store/flat_file/record.h"
#include "store/index/lookalikes.h"
#include "store/index/user_index.h"
#include "store/kept_sheet.h"
#include "store/pending.h"
#include "store/store.h"

/*
 * The changes that are under way, other than creates: removals, renamings and sheet settings. They
 * wait in one queue, and are looked at again when they are about to be stored: then the index has
 * all that was stored before them, and says whether they still can be. A change that depends on how
 * another one in the same batch ends, or on a create, waits for the next batch, and so do all
 * behind it.
 */
struct changes;

/* Oldest first. */
TAILQ_HEAD(change_batch, change);

struct change {
	struct store_job job; /* first: store_cancel() takes it */
	enum operation operation;
	uint64_t number;           /* of the user; 0: settings are set */
	struct username *username; /* the new one; or NULL */
	struct kept_sheet *sheet;  /* what is set; or NULL */
	TAILQ_ENTRY(change) next;

	/* The rest is for changes.c. */
	store_outcome_cb *told; /* NULL once cancelled */
	void *argument;
	bool is_taken;
	enum result result; /* that it is refused with */
	struct user user;   /* who is told of; its name is in `name`, or the index's */
	char name[LIMIT_NAME];
};

/* The index and the settings stay the caller's. */
struct changes *changes_open(
	struct user_index *users, struct lookalikes *lookalikes, struct kept_sheet *sheet);
void changes_close(struct changes *changes); /* Nothing may be under way. NULL is fine. */

/* Those that are not told yet, and whether any is not in a batch yet. */
size_t changes_count(const struct changes *changes);
bool changes_wait(const struct changes *changes);

/* Whether a user could be renamed so, as far as the index knows. */
enum result changes_check_name(const struct changes *changes, uint64_t number,
	const struct username *username, struct user *holder) MUST_CHECK;

/* Returns the job of it. */
struct store_job *changes_add(struct changes *changes, enum operation operation, uint64_t number,
	const struct username *username, store_outcome_cb *told, void *argument);

/* The same for sheet settings. RESULT_MALFORMED: a value is none that sheet_settings.h allows. */
enum result changes_add_sheet(struct changes *changes, const struct sheet_settings *settings,
	store_outcome_cb *told, void *argument, struct store_job **job) MUST_CHECK;

/* It never calls back after this. One in a batch is stored all the same. */
void changes_cancel(struct changes *changes, struct change *change);

/* Moves those that can be stored together with all creates in `pending` to `batch`, and those that
 * cannot be stored at all to `refused`. The index has to have all that was stored. */
void changes_take(struct changes *changes, struct pending *pending, struct change_batch *batch,
	struct change_batch *refused);

/* Refuses all that wait. */
void changes_refuse(struct changes *changes, enum result result, struct change_batch *refused);

/* Appends the records of a batch. Returns the version of the format that has them. */
unsigned changes_write(const struct change_batch *batch, int64_t now, struct buffer *lines);

/* The number of the last change of this run, and as store_changes(). */
uint64_t changes_last(const struct changes *changes);
enum result changes_read(const struct changes *changes, uint64_t after, struct store_change *found,
	size_t most, struct store_news *news) MUST_CHECK;

/* They are on disk: the index has them from now on. Returns how many there are. */
size_t changes_apply(struct changes *changes, const struct change_batch *batch);

/* Calls back for all of a batch, and frees them. RESULT_OK: they are stored, unless they were
 * refused. */
void changes_tell(struct changes *changes, struct change_batch *batch, enum result outcome);

#endif
