#ifndef ROLLCALL_VIEWS_ADMIN_OVERVIEW_H
#define ROLLCALL_VIEWS_ADMIN_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/user.h"
#include "views/sheet_status.h"
#include "views/sheet_text.h"

/* The organiser's first page: the state of the sheet, and a page of the list or of a search. */
struct overview_view {
	const struct sheet_text *sheet;
	struct sheet_status status;
	bool is_closed_now; /* by an organiser, whatever the times say */
	bool never_opens;   /* the times contradict each other */
	const char *organiser;
	uint64_t total;
	uint64_t last_seat; /* users with greater numbers wait; 0: nobody does */
	const struct user *users;
	size_t count;
	const char *newer; /* the address of the page before, or NULL */
	const char *older; /* of the next one */
	const char *typed; /* the text searched for; NULL: the list */
	size_t typed_length;
	size_t found;
	const struct user *added; /* who was just added, or NULL */
	uint64_t removed;         /* the number of a user that was, or 0 */
	bool is_saved;            /* the settings were, just now */
	int64_t now;
};

void overview_view(struct buffer *out, const struct overview_view *view);

#endif
