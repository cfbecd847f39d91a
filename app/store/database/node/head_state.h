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

/* For head.c and head_answer.c alone. */

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
	bool is_known;
	bool is_doubted; /* the next question asks for everything */

	struct reason reason; /* why the database must not be used; empty: it may */

	/* Of the state that was taken: */
	int64_t version;
	int64_t revision;
	int64_t site;
	int64_t sheet_revision;
	struct store_view view;
	struct head_letters letters;
	struct kept_users users;
	struct kept_sheet sheet;
	unsigned char leave_key[HEAD_KEY_BYTES];
	bool has_leave_key;
	struct history history;
	struct kept_user *renamed[LIMIT_HISTORY]; /* at the change's place there; or NULL */

	/* A view that is another one than the head's; and the greatest version that any had. */
	struct store_view other;
	struct head_letters other_letters;
	int64_t told;
};

#endif
