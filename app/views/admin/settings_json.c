/*
 * The settings of the sheet for programs: what was read can be sent back, whole or in part. What is
 * not limited is null.
 */
#include "views/admin/settings_json.h"

#include "base/json_text.h"
#include "base/timestamp.h"

static json_t *time_or_nothing(int64_t time)
{
	char exact[TIMESTAMP_SIZE];

	if (time == 0)
		return json_null();
	timestamp_format(time, exact);
	return json_string(exact);
}

void settings_json_view(struct buffer *out, const struct settings_json *settings)
{
	const struct sheet_text *text = settings->text;

	json_text_write(out,
		json_pack("{s:b,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:b}", "closed", settings->is_closed,
			"title", text->title, "intro", text->intro, "contact", text->contact,
			"privacy", text->privacy, "opens", time_or_nothing(settings->opens),
			"closes", time_or_nothing(settings->closes), "seats",
			settings->seats != 0 ? json_integer((json_int_t)settings->seats)
					     : json_null(),
			"waiting_list", settings->has_waiting_list));
}
