#include "user_json.h"

#include "../json_text.h"
#include "../timestamp.h"

json_t *user_json(const struct user *user)
{
	char created[TIMESTAMP_SIZE];

	timestamp_format(user->created, created);
	return json_pack("{s:I,s:s%,s:s}", "number", (json_int_t)user->number, "username",
		user->name, user->name_length, "created", created);
}

void user_json_view(struct buffer *out, const struct user *user)
{
	json_text_write(out, user_json(user));
}
