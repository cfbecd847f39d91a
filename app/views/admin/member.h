#ifndef ROLLCALL_VIEWS_ADMIN_MEMBER_H
#define ROLLCALL_VIEWS_ADMIN_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "views/problem_json.h"
#include "views/sheet_text.h"

/* One user, for the organiser. */
struct member_view {
	const struct sheet_text *sheet;
	const struct user *user;
	const char *typed; /* a name that was refused; NULL: none was */
	size_t typed_length;
	const struct problem_json *problem; /* why, or NULL */
	bool is_renamed;                    /* just now */
	bool is_waiting;                    /* for a seat */
};

/* With forms to rename it and to remove it. */
void member_view(struct buffer *out, const struct member_view *view);

/* Asks whether it is to be removed. */
void member_removal_view(
	struct buffer *out, const struct sheet_text *sheet, const struct user *user);

/* To add a user. */
struct add_view {
	const struct sheet_text *sheet;
	const char *typed; /* a name that was refused; NULL: none was */
	size_t typed_length;
	const struct problem_json *problem; /* why, or NULL */
};

void add_view(struct buffer *out, const struct add_view *view);

#endif
