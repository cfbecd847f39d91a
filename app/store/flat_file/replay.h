#ifndef ROLLCALL_STORE_FLAT_FILE_REPLAY_H
#define ROLLCALL_STORE_FLAT_FILE_REPLAY_H

#include <stdint.h>

#include "base/result.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"
#include "store/index/lookalikes.h"
#include "store/index/user_index.h"
#include "store/kept_sheet.h"

/* Tells of two users whose names are the same by the tables of this program: they were not when
 * both were created. Both stay; the name is found as `holder`'s. */
typedef void replay_clash_cb(void *argument, const struct user *user, const struct user *holder);

/* The users and sheet settings that the records of a flat file add up to. */
struct replay {
	struct user_index *users;
	struct lookalikes *lookalikes; /* of the users */
	struct kept_sheet *sheet;      /* the settings, or what there is of them */
	uint64_t next_number;          /* of the next user */
	uint64_t created;              /* records read, of each kind */
	uint64_t removed;
	uint64_t renamed;
	uint64_t set;
	uint64_t clashes;       /* known once they are settled */
	replay_clash_cb *clash; /* or NULL */
	void *argument;
};

void replay_open(struct replay *replay, replay_clash_cb *clash, void *argument);
void replay_close(struct replay *replay);

/* A journal_record_cb with a struct replay for its argument: RESULT_MALFORMED if the record does
 * not fit those before it, RESULT_LIMIT if no user can have its number. */
enum result replay_record(void *argument, const struct record *record) MUST_CHECK;

/* After the last one: now users are found by name, and those whose names clash are told of. */
void replay_settle(struct replay *replay, const struct header *header);

#endif
