/*
 * Texts that the organiser sets, and that pages show. A file of options has one line for each, so
 * there a line feed can be written as a backslash and an n; what is typed into a form is taken as
 * it is. Control characters are refused: they show
 * nothing, and break the pages as HTML has it (WHATWG HTML, section 13.1.4).
 */
#include "base/text/plain_text.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

static bool fail_text(struct reason *reason, const char *why)
{
	reason_set(reason, "%s", why);
	return false;
}

/* The next character; moves on behind it. 0 if it is not UTF-8. */
static size_t next_character(const char *value, bool has_escapes, int32_t *point)
{
	if (has_escapes && value[0] == '\\' && value[1] == 'n') {
		*point = '\n';
		return 2;
	}
	return utf8_decode(value, strlen(value), point);
}

/* Whether any character of the text shows anything. */
static bool is_seen(const char *text)
{
	size_t length = strlen(text), step;
	int32_t point;

	for (; length > 0; text += step, length -= step) {
		step = utf8_decode(text, length, &point);
		if (step == 0)
			return true; /* which is refused for what it is */
		const utf8proc_property_t *property = utf8proc_get_property(point);
		bool is_space =
			point == '\n' || (property->category >= UTF8PROC_CATEGORY_ZS &&
						 property->category <= UTF8PROC_CATEGORY_CF);
		if (!is_space && !property->ignorable)
			return true;
	}
	return false;
}

bool plain_text_read(
	const char *value, const struct plain_text_rule *rule, char *text, struct reason *reason)
{
	char *start = text;
	size_t room = 4 * rule->most, count = 0, step, length;
	int32_t point;

	if (rule->is_required && !is_seen(value))
		return fail_text(reason, "cannot be empty");
	for (; *value != '\0'; value += step, count++) {
		step = next_character(value, rule->has_escapes, &point);
		if (step == 0)
			return fail_text(reason, "not UTF-8");
		if (utf8_is_control(point) && !(point == '\n' && rule->has_lines))
			return fail_text(reason,
				rule->has_lines ? "has a control character"
						: "has a control character; expected one line");
		if (count >= rule->most) {
			reason_set(reason, "longer than %zu characters", rule->most);
			return false;
		}
		utf8_encode(&point, 1, text, room, &length);
		text += length;
		room -= length;
	}
	*text = '\0';
	if (!is_seen(start))
		*start = '\0';
	return true;
}
