/*
 * The home page for programs: the number of users, and the addresses of everything else.
 */
#include "views/home_json.h"

#include "base/json_text.h"

void home_json_view(struct buffer *out, uint64_t users)
{
	json_text_write(out, json_pack("{s:I,s:{s:s,s:s,s:s}}", "total", (json_int_t)users, "links",
				     "self", "/", "users", "/users", "create", "/create-user"));
}
