#ifndef ROLLCALL_VIEWS_USERS_PRINT_H
#define ROLLCALL_VIEWS_USERS_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/user.h"
#include "views/sheet_text.h"

/* A list to print, which is written in parts: the beginning, each user, oldest first, the end. */
struct users_print_view {
	const struct sheet_text *sheet;
	uint64_t total;     /* users there are */
	uint64_t last_seat; /* as in store.h */
	uint64_t after;     /* it begins after this number; 0: with the first user */
	size_t most;        /* users in it, at most */
	int64_t now;        /* as in timestamp.h */
	uint64_t previous;  /* the number of the user written before; for users_print_user() */
};

void users_print_begin(struct buffer *out, const struct users_print_view *view);
void users_print_user(struct buffer *out, struct users_print_view *view, const struct user *user);

/* `next` is the number of the last user in it if there are others after that, else 0. */
void users_print_end(struct buffer *out, const struct users_print_view *view, uint64_t next);

#endif
