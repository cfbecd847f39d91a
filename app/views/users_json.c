#include "users_json.h"

#include "../json_text.h"
#include "user_json.h"

/* NULL if memory is short. */
static json_t *list(const struct users_view *view)
{
	json_t *users = json_array();

	for (size_t i = 0; i < view->count; i++) {
		if (json_array_append_new(users, user_json(&view->users[i])) != 0) {
			json_decref(users);
			return NULL;
		}
	}
	return users;
}

void users_json_view(struct buffer *out, const struct users_view *view)
{
	/* A link that is NULL is left out. */
	json_text_write(out, json_pack("{s:I,s:o,s:{s:s,s:s*,s:s*}}", "total",
				     (json_int_t)view->total, "users", list(view), "links", "self",
				     view->self, "newer", view->newer, "older", view->older));
}
