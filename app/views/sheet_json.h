#ifndef ROLLCALL_VIEWS_SHEET_JSON_H
#define ROLLCALL_VIEWS_SHEET_JSON_H

#include <jansson.h>

#include "base/buffer.h"
#include "views/sheet_status.h"
#include "views/sheet_text.h"

/* What the sheet says, and whether it takes names; not how many there are, which is another matter
 * after each user. The caller's to release; NULL if memory was short. */
json_t *sheet_json(const struct sheet_text *sheet, const struct sheet_status *status);

/* The same, appended as one line. */
void sheet_json_view(
	struct buffer *out, const struct sheet_text *sheet, const struct sheet_status *status);

#endif
