#ifndef ROLLCALL_STORE_FLAT_FILE_FLAT_FILE_STATE_H
#define ROLLCALL_STORE_FLAT_FILE_FLAT_FILE_STATE_H

#include "base/log.h"
#include "base/reason.h"
#include "store/flat_file/changes.h"
#include "store/flat_file/flat_file_store.h"
#include "store/flat_file/group_commit.h"
#include "store/flat_file/journal.h"
#include "store/index/lookalikes.h"
#include "store/index/user_index.h"
#include "store/kept_sheet.h"
#include "store/store_kind.h"

/* A store in a flat file, for the files that make it up: flat_file_store.c, and flat_file_begin.c
 * with what begins a create or another change. */
struct flat_file_store {
	struct store store; /* first: struct store_kind has it so */
	struct log *log;
	struct journal *journal;
	struct user_index *users;
	struct lookalikes *lookalikes;
	struct group_commit *commit;
	struct changes *changes;
	struct list_import *import; /* NULL: none is under way */
	uint64_t changes_stored;    /* the users of this run did not get numbers for those */
	struct store_limits limits;
	struct kept_sheet *sheet;
	store_sheet_cb *sheet_changed;
	void *sheet_argument;
	uint64_t boot;      /* tells this run of the program from others */
	char *revision_end; /* in the view: behind what tells the run */
	struct store_view view;
	store_changed_cb *changed;
	void *changed_argument;
	enum result state; /* RESULT_OK, RESULT_FULL, RESULT_UNAVAILABLE */
	struct reason reason;
	bool is_to_mend; /* what opening found is not put right yet */
};

static inline struct flat_file_store *flat_file_of(struct store *store)
{
	return (struct flat_file_store *)store;
}

/* The users, or how they are shown, are other ones now. */
void flat_file_renew_view(struct flat_file_store *flat);

/* The watcher is called. */
void flat_file_tell_watcher(const struct flat_file_store *flat);

/* Seats, and those that users can wait for; 0: none. What is set counts before the options. */
uint64_t flat_file_seats(const struct flat_file_store *flat);
uint64_t flat_file_waited_seats(const struct flat_file_store *flat);

/* As store.h has them. */
enum result flat_file_begin_create(struct store *store, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job,
	struct user *holder) MUST_CHECK;
enum result flat_file_begin_removal(struct store *store, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job) MUST_CHECK;
enum result flat_file_begin_renaming(struct store *store, uint64_t number,
	const struct username *username, store_outcome_cb *renamed, void *argument,
	struct store_job **job, struct user *holder) MUST_CHECK;
enum result flat_file_begin_setting(struct store *store, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job) MUST_CHECK;
enum result flat_file_begin_import(struct store *store, struct store_import **import) MUST_CHECK;

#endif
