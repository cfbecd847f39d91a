#ifndef ROLLCALL_VIEWS_ADMIN_SETTINGS_H
#define ROLLCALL_VIEWS_ADMIN_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/sheet_settings.h"
#include "views/sheet_text.h"

/* The form of what organisers can set. */
struct settings_view {
	const struct sheet_text *sheet;
	const char *const *values;  /* of each setting, as sheet_settings.h has them in order */
	const char *const *options; /* what each is where it was not set */
	const char *const *now;     /* what each is now, for a form that was overtaken; or NULL */
	uint32_t set;               /* those that were set, a bit for each */
	bool is_overtaken;          /* it was refused because of what another one has changed */
	const char *version;        /* which settings the form was made for */
	const char *fault;          /* why it was refused, or NULL */
	enum sheet_setting faulty;  /* and the field to go to */
};

/* The names of the boxes that give a setting back, of all but SHEET_SETTING_CLOSED. */
extern const char *const settings_view_resets[SHEET_SETTING_CLOSED];

void settings_view(struct buffer *out, const struct settings_view *view);

#endif
