/* Names: whether one is accepted, and its key; and the category of its first code point. */
#include "differential/doors.h"

#include <utf8proc.h>

#include "base/utf8.h"
#include "store/names/name_key.h"
#include "store/names/username.h"

static const char *const problems[] = {[USERNAME_FINE] = "fine",
	[USERNAME_EMPTY] = "empty",
	[USERNAME_TOO_LONG] = "too_long",
	[USERNAME_CHARACTER] = "character",
	[USERNAME_SEPARATOR] = "separator",
	[USERNAME_MARK] = "mark",
	[USERNAME_MARKS] = "marks",
	[USERNAME_DIRECTION] = "direction",
	[USERNAME_DIGITS] = "digits",
	[USERNAME_SCRIPTS] = "scripts"};

static void answer_username(const struct door_field *fields, size_t count, struct buffer *answer)
{
	struct username name;
	enum username_problem problem = username_parse(fields[0].bytes, fields[0].length, &name);

	(void)count;
	door_word(answer, problems[problem]);
	if (problem != USERNAME_FINE)
		return;
	door_bytes(answer, name.text, name.length);
	door_bytes(answer, name.key, name.key_length);
}

static void answer_key(const struct door_field *fields, size_t count, struct buffer *answer)
{
	char key[LIMIT_NAME_KEY];
	size_t length;

	(void)count;
	if (name_key_fold(fields[0].bytes, fields[0].length, key, &length) == RESULT_OK)
		door_bytes(answer, key, length);
	else
		door_word(answer, "none");
}

/* As the Unicode tables have it that names are judged by: Cn is not assigned. */
static void answer_category(const struct door_field *fields, size_t count, struct buffer *answer)
{
	int32_t point;

	(void)count;
	if (fields[0].length > 0 && utf8_decode(fields[0].bytes, fields[0].length, &point) > 0)
		door_word(answer, utf8proc_category_string(point));
	else
		door_word(answer, "none");
}

const struct door name_doors[] = {{"username", 1, answer_username}, {"name_key", 1, answer_key},
	{"category", 1, answer_category}, {0}};
