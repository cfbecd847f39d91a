/*
 * The home page for programs: the organiser's texts, the state of the sheet, the number of users,
 * and the addresses of everything else.
 */
#include "views/home_json.h"

#include "base/json_text.h"
#include "views/sheet_json.h"

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
