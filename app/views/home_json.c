/*
 * The home page for programs: the organiser's texts, the number of users, and the addresses of
 * everything else.
 */
#include "views/home_json.h"

#include "base/json_text.h"

/* NULL, which is left out, where nothing is said. */
static json_t *text_or_null(const char *text)
{
	return *text != '\0' ? json_string(text) : NULL;
}

void home_json_view(struct buffer *out, const struct sheet_text *sheet, uint64_t users)
{
	json_text_write(
		out, json_pack("{s:s,s:o*,s:o*,s:o*,s:I,s:{s:s,s:s,s:s}}", "title", sheet->title,
			     "intro", text_or_null(sheet->intro), "contact",
			     text_or_null(sheet->contact), "privacy", text_or_null(sheet->privacy),
			     "total", (json_int_t)users, "links", "self", "/", "users", "/users",
			     "create", "/create-user"));
}
