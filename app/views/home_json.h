#ifndef ROLLCALL_VIEWS_HOME_JSON_H
#define ROLLCALL_VIEWS_HOME_JSON_H

#include "base/buffer.h"

#include <stdint.h>

#include "views/sheet_status.h"
#include "views/sheet_text.h"

/* Where programs begin: what the sheet is for, whether it is open, how many users there are, where
 * everything is. */
void home_json_view(struct buffer *out, const struct sheet_text *sheet,
	const struct sheet_status *status, uint64_t users);

/* What the sheet says, and whether it takes names, in one line; not how many there are, which is
 * another matter after each user. `last_seat` as in store.h. */
void sheet_json_view(struct buffer *out, const struct sheet_text *sheet,
	const struct sheet_status *status, uint64_t last_seat);

#endif
