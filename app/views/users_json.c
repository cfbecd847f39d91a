/*
 * A page of users for programs, of the list or of a search: the two name their links differently.
 */
#include "views/users_json.h"

#include <stdbool.h>
#include <string.h>

#include "base/json_text.h"
#include "base/limit.h"
#include "views/user_json.h"

static void write_list(struct buffer *out, const struct users_view *view)
{
	buffer_string(out, "[");
	for (size_t i = 0; i < view->count; i++) {
		if (i > 0)
			buffer_string(out, ",");
		user_json_view(out, &view->users[i]);
	}
	buffer_string(out, "]");
}

static void write_link(struct buffer *out, const char *member, const char *link)
{
	if (link == NULL)
		return;
	buffer_string(out, member);
	json_text_string(out, link, strlen(link));
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
	write_link(out, ",\"links\":{\"self\":", view->self);
	if (!is_search && view->newer != NULL)
		write_link(out, ",\"newest\":", USERS_NEWEST);
	write_link(out, is_search ? ",\"previous\":" : ",\"newer\":", view->newer);
	write_link(out, is_search ? ",\"next\":" : ",\"older\":", view->older);
	if (!is_search && view->older != NULL)
		write_link(out, ",\"oldest\":", USERS_OLDEST);
	buffer_string(out, "}}");
}
