/*
 * The settings of the sheet for programs: what was read can be sent back, whole or in part. What is
 * not limited is 0 or an empty text, as for the options; null in what is sent gives a setting back.
 */
#include "views/admin/settings_json.h"

#include "base/json_text.h"
#include "base/timestamp.h"

static json_t *time_or_nothing(int64_t time)
{
	char exact[TIMESTAMP_SIZE] = "";

	if (time != 0)
		timestamp_format(time, exact);
	return json_string(exact);
}

static json_t *list_names(const struct settings_json *settings)
{
	json_t *names = json_array();

	for (unsigned i = 0; i < SHEET_SETTINGS; i++) {
		if ((settings->set & sheet_setting_bit((enum sheet_setting)i)) != 0)
			json_array_append_new(names, json_string(settings->names[i]));
	}
	return names;
}

void settings_json_view(struct buffer *out, const struct settings_json *settings)
{
	const struct sheet_text *text = settings->text;

	json_text_write(
		out, json_pack("{s:b,s:s,s:s,s:s,s:s,s:o,s:o,s:I,s:b,s:o}", "closed",
			     settings->is_closed, "title", text->title, "intro", text->intro,
			     "contact", text->contact, "privacy", text->privacy, "opens",
			     time_or_nothing(settings->opens), "closes",
			     time_or_nothing(settings->closes), "seats",
			     (json_int_t)settings->seats, "waiting_list",
			     settings->has_waiting_list, SETTINGS_JSON_SET, list_names(settings)));
}
