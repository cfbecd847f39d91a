#ifndef ROLLCALL_VIEWS_ADMIN_SETTINGS_H
#define ROLLCALL_VIEWS_ADMIN_SETTINGS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "store/sheet_settings.h"
#include "views/sheet_text.h"

/* The form of what organisers can set. */
struct settings_view {
	const struct sheet_text *sheet;
	const char *const *values; /* of each setting, as sheet_settings.h has them in order */
	const char *version;       /* which settings the form was made for */
	const char *fault;         /* why it was refused, or NULL */
	enum sheet_setting faulty; /* and the field to go to */
};

void settings_view(struct buffer *out, const struct settings_view *view);

#endif
