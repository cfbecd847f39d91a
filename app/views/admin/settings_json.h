#ifndef ROLLCALL_VIEWS_ADMIN_SETTINGS_JSON_H
#define ROLLCALL_VIEWS_ADMIN_SETTINGS_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "store/sheet_settings.h"
#include "views/sheet_text.h"

/* The member that says which settings were set: not one itself. */
#define SETTINGS_JSON_SET "set"

/* The sheet as organisers can set it. Times as in timestamp.h, 0: none. */
struct settings_json {
	const struct sheet_text *text;
	int64_t opens;
	int64_t closes;
	uint64_t seats;
	bool has_waiting_list;
	bool is_closed;
	const char *const *names; /* of the settings, in the order of sheet_settings.h */
	uint32_t set;             /* those that organisers have set, a bit for each */
};

void settings_json_view(struct buffer *out, const struct settings_json *settings);

#endif
