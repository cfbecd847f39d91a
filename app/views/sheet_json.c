/* The sheet in JSON: of the home page, and by itself for clients that follow it. */
#include "views/sheet_json.h"

#include "base/json_text.h"
#include "base/timestamp.h"

/* NULL, which is left out, where nothing is said. */
static json_t *text_or_null(const char *text)
{
	return *text != '\0' ? json_string(text) : NULL;
}

static json_t *time_or_null(int64_t time)
{
	char exact[TIMESTAMP_SIZE];

	if (time == 0)
		return NULL;
	timestamp_format(time, exact);
	return json_string(exact);
}

json_t *sheet_json(const struct sheet_text *sheet, const struct sheet_status *status)
{
	return json_pack("{s:s,s:o*,s:o*,s:o*,s:s,s:o*,s:o*,s:o*}", "title", sheet->title, "intro",
		text_or_null(sheet->intro), "contact", text_or_null(sheet->contact), "privacy",
		text_or_null(sheet->privacy), "state", sheet_state_name(status->state), "opens",
		time_or_null(status->opens), "closes", time_or_null(status->closes), "seats",
		status->seats != 0 ? json_integer((json_int_t)status->seats) : NULL);
}

void sheet_json_view(
	struct buffer *out, const struct sheet_text *sheet, const struct sheet_status *status)
{
	json_text_write(out, sheet_json(sheet, status));
}
