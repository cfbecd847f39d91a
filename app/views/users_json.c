/*
 * A page of users for programs, of the list or of a search: the two name their links differently.
 */
#include "views/users_json.h"

#include <stdbool.h>

#include "base/limit.h"
#include "views/user_json.h"

static void write_list(struct buffer *out, const struct users_view *view)
{
	buffer_string(out, "[");
	for (size_t i = 0; i < view->count; i++) {
		if (i > 0)
			buffer_string(out, ",");
		user_json_view_seated(out, &view->users[i], view->last_seat);
	}
	buffer_string(out, "]");
}

/* An address has nothing that JSON would have escaped. */
static void write_link(
	struct buffer *out, const struct sheet_text *sheet, const char *member, const char *address)
{
	if (address == NULL)
		return;
	buffer_string(out, member);
	buffer_string(out, "\"");
	buffer_string(out, sheet->base_path);
	buffer_string(out, address);
	buffer_string(out, "\"");
}

static void write_how_many_found(struct buffer *out, size_t found)
{
	buffer_string(out, ",\"found\":");
	buffer_number(out, found > LIMIT_FOUND ? LIMIT_FOUND : found);
	buffer_string(out, found > LIMIT_FOUND ? ",\"found_more\":true" : ",\"found_more\":false");
}

void users_json_view(struct buffer *out, const struct users_view *view)
{
	bool is_search = view->typed != NULL;

	buffer_string(out, "{\"total\":");
	buffer_number(out, view->total);
	if (is_search)
		write_how_many_found(out, view->found);
	buffer_string(out, ",\"users\":");
	write_list(out, view);
	write_link(out, view->sheet, ",\"links\":{\"self\":", view->self);
	if (!is_search && view->newer != NULL)
		write_link(out, view->sheet, ",\"newest\":", USERS_NEWEST);
	write_link(out, view->sheet, is_search ? ",\"previous\":" : ",\"newer\":", view->newer);
	write_link(out, view->sheet, is_search ? ",\"next\":" : ",\"older\":", view->older);
	if (!is_search && view->older != NULL)
		write_link(out, view->sheet, ",\"oldest\":", USERS_OLDEST);
	buffer_string(out, "}}");
}
