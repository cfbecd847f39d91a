/*
 * The home page for programs: the organiser's texts, the state of the sheet, the number of users,
 * and the addresses of everything else. For clients that follow it, the sheet alone.
 */
#include "views/home_json.h"

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

static json_t *sheet_json(const struct sheet_text *sheet, const struct sheet_status *status)
{
	return json_pack("{s:s,s:o*,s:o*,s:o*,s:s,s:o*,s:o*,s:o*}", "title", sheet->title, "intro",
		text_or_null(sheet->intro), "contact", text_or_null(sheet->contact), "privacy",
		text_or_null(sheet->privacy), "state", sheet_state_name(status->state), "opens",
		time_or_null(status->opens), "closes", time_or_null(status->closes), "seats",
		status->seats != 0 ? json_integer((json_int_t)status->seats) : NULL);
}

void sheet_json_view(struct buffer *out, const struct sheet_text *sheet,
	const struct sheet_status *status, uint64_t last_seat)
{
	json_t *json = sheet_json(sheet, status);

	if (last_seat != 0 &&
		json_object_set_new(json, "last_seat", json_integer((json_int_t)last_seat)) != 0)
		out->failed = true;
	json_text_write(out, json);
}

static json_t *links_json(const struct sheet_text *sheet)
{
	return json_pack("{s:s+,s:s+,s:s+}", "self", sheet->base_path, "/", "users",
		sheet->base_path, "/users", "create", sheet->base_path, "/create-user");
}

void home_json_view(struct buffer *out, const struct sheet_text *sheet,
	const struct sheet_status *status, uint64_t users)
{
	json_t *home = sheet_json(sheet, status);
	json_t *left = status->seats != 0 ? json_integer((json_int_t)status->left) : NULL;
	json_t *rest = json_pack("{s:o*,s:I,s:o}", "left", left, "total", (json_int_t)users,
		"links", links_json(sheet));

	if (json_object_update(home, rest) != 0)
		out->failed = true;
	json_decref(rest);
	json_text_write(out, home);
}
