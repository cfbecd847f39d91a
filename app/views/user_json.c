/*
 * A list in JSON has many users, so each is written straight into the buffer and not by way of a
 * tree of values.
 */
#include "views/user_json.h"

#include "base/json_text.h"
#include "base/timestamp.h"

static void write_user_members(struct buffer *out, const struct user *user, uint64_t last_seat)
{
	char created[TIMESTAMP_SIZE];

	timestamp_format(user->created, created);
	buffer_string(out, "{\"number\":");
	buffer_number(out, user->number);
	buffer_string(out, ",\"username\":");
	json_text_string(out, user->name, user->name_length);
	buffer_string(out, ",\"created\":\"");
	buffer_append(out, created, TIMESTAMP_LENGTH);
	buffer_string(out, "\"");
	if (last_seat != 0 && user->number > last_seat)
		buffer_string(out, ",\"waiting\":true");
}

void user_json_view(struct buffer *out, const struct user *user)
{
	user_json_view_seated(out, user, 0);
}

void user_json_view_seated(struct buffer *out, const struct user *user, uint64_t last_seat)
{
	write_user_members(out, user, last_seat);
	buffer_string(out, "}");
}

void created_json_view(struct buffer *out, const struct user *user, uint64_t last_seat,
	const char *base_path, const char *leave)
{
	write_user_members(out, user, last_seat);
	if (leave != NULL) {
		buffer_string(out, ",\"leave\":\"");
		buffer_string(out, base_path);
		buffer_string(out, leave);
		buffer_string(out, "\"");
	}
	buffer_string(out, "}");
}
