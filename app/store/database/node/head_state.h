#ifndef ROLLCALL_STORE_DATABASE_NODE_HEAD_STATE_H
#define ROLLCALL_STORE_DATABASE_NODE_HEAD_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/reason.h"
#include "store/database/node/head.h"
#include "store/database/node/kept_users.h"
#include "store/history.h"
#include "store/index/first_letters.h"
#include "store/kept_sheet.h"

/* For head.c, head_answer.c and head_loss.c alone. */

/* The letters of a view, made of what the state has of them. */
struct head_letters {
	struct buffer text; /* of the state */
	struct first_letters letters;
};

struct head {
	struct head_settings settings;
	uint64_t pages;

	uint64_t order;     /* of the last question that was sent */
	uint64_t taken;     /* of the newest whose answer was taken */
	uint64_t complete;  /* of the newest such that asked for everything */
	uint64_t confirmed; /* uv_now() when the newest one was sent */
	uint64_t heard;     /* the same, but never taken back */
	bool is_known;
	bool is_doubted; /* the next question asks for everything */

	struct reason reason; /* why the database must not be used; empty: it may */

	/* Of the state that was taken: */
	int64_t version;
	int64_t revision;
	int64_t site;
	int64_t timeline;
	int64_t sheet_revision;
	struct store_view view;
	struct head_letters letters;
	struct kept_users users;
	struct kept_sheet sheet;
	unsigned char leave_key[HEAD_KEY_BYTES];
	bool has_leave_key;
	uint64_t
		shift; /* of the numbers of changes, since a loss that the timeline does not tell */
	struct history history;                   /* with the database's numbers */
	struct kept_user *renamed[LIMIT_HISTORY]; /* at the change's place there; or NULL */

	/* A view that is another one than the head's; and the greatest version that any had. */
	struct store_view other;
	struct head_letters other_letters;
	int64_t told;
};

/*
 * Readers are told other numbers of changes than the database has: so much is added. It is another
 * number for each timeline of the server, the same on all nodes, and another one again after a
 * loss. So what was said before a loss may have happened is out of reach, and a client that comes
 * with it reads the list anew, whichever node it comes to.
 */
uint64_t head_shift(const struct head *head, int64_t timeline);

/* Whether something that the head has is not so in the answer to a later question for everything,
 * and no change says so; and the database's own numbers of changes do not tell. */
bool head_finds_loss(const struct head *head, const struct rows *rows);

/* The change is there, and not undone by the user's removal. */
bool head_is_rename(const struct rows *rows, size_t row);

#endif
