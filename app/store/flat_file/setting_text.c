/*
 * Settings of the sheet as text. What is read is written again, and has to be the same: so every
 * setting has one spelling, and reading needs no rules of its own for that.
 */
#include "store/flat_file/setting_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "store/flat_file/record.h"

static const char *const names[SHEET_SETTINGS] = {[SHEET_SETTING_TITLE] = "title",
	[SHEET_SETTING_INTRO] = "intro",
	[SHEET_SETTING_CONTACT] = "contact",
	[SHEET_SETTING_PRIVACY] = "privacy",
	[SHEET_SETTING_OPENS] = "opens",
	[SHEET_SETTING_CLOSES] = "closes",
	[SHEET_SETTING_SEATS] = "seats",
	[SHEET_SETTING_WAITING_LIST] = "waiting-list",
	[SHEET_SETTING_CLOSED] = "closed"};

static_assert(sizeof("contact=") + (size_t)4 * LIMIT_INTRO < SETTING_TEXT_SIZE,
	"the longest text fits: a character that takes two bytes here is one of one byte");

static char *write_escaped(char *end, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\n' || *value == '\\')
			*end++ = '\\';
		*end++ = *value == '\n' ? 'n' : *value;
	}
	return end;
}

static char *write_moment_text(char *end, int64_t time)
{
	if (time == 0)
		return end;
	timestamp_format(time, end);
	return end + TIMESTAMP_LENGTH;
}

static char *write_value(
	const struct sheet_settings *settings, enum sheet_setting setting, char *end)
{
	switch (setting) {
	case SHEET_SETTING_TITLE:
		return write_escaped(end, settings->title);
	case SHEET_SETTING_INTRO:
		return write_escaped(end, settings->intro);
	case SHEET_SETTING_CONTACT:
		return write_escaped(end, settings->contact);
	case SHEET_SETTING_PRIVACY:
		return write_escaped(end, settings->privacy);
	case SHEET_SETTING_OPENS:
		return write_moment_text(end, settings->opens);
	case SHEET_SETTING_CLOSES:
		return write_moment_text(end, settings->closes);
	case SHEET_SETTING_SEATS:
		return end + decimal_write(settings->seats, end);
	case SHEET_SETTING_WAITING_LIST:
		return stpcpy(end, settings->has_waiting_list ? "yes" : "no");
	case SHEET_SETTING_CLOSED:
		return stpcpy(end, settings->is_closed ? "yes" : "no");
	}
	return end;
}

size_t setting_text_write_reset(enum sheet_setting setting, char text[static SETTING_TEXT_SIZE])
{
	return (size_t)(stpcpy(text, names[setting]) - text);
}

size_t setting_text_write(const struct sheet_settings *settings, enum sheet_setting setting,
	char text[static SETTING_TEXT_SIZE])
{
	char *end = stpcpy(stpcpy(text, names[setting]), "=");

	return (size_t)(write_value(settings, setting, end) - text);
}

void setting_text_append(struct buffer *lines, const struct sheet_settings *settings, int64_t time)
{
	char text[SETTING_TEXT_SIZE];

	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		bool is_set = sheet_settings_has(settings, i);
		if (!is_set && (settings->reset & sheet_setting_bit(i)) == 0)
			continue;
		const struct record record = {.operation = OPERATION_SET,
			.time = time,
			.name = text,
			.name_length = is_set ? setting_text_write(settings, i, text)
					      : setting_text_write_reset(i, text)};
		record_append(lines, &record);
	}
}

static void unescape(const char *value, size_t length, char *text)
{
	for (size_t i = 0; i < length; i++) {
		bool is_escape = value[i] == '\\' && i + 1 < length;
		i += is_escape ? 1 : 0;
		*text++ = is_escape && value[i] == 'n' ? '\n' : value[i];
	}
	*text = '\0';
}

static int64_t read_moment_text(const char *value, size_t length)
{
	int64_t time;

	return length == TIMESTAMP_LENGTH && timestamp_parse(value, &time) == RESULT_OK ? time : 0;
}

static uint64_t read_seats(const char *value, size_t length)
{
	uint64_t seats;

	return decimal_is_number(value, length, UINT64_MAX, &seats) ? seats : 0;
}

static void read_value(const char *value, size_t length, struct sheet_settings *read,
	enum sheet_setting setting, char *text)
{
	bool is_yes = length == 3 && memcmp(value, "yes", 3) == 0;

	unescape(value, length, text);
	read->set = sheet_setting_bit(setting);
	read->title = read->intro = read->contact = read->privacy = text;
	read->opens = read->closes = read_moment_text(value, length);
	read->seats = read_seats(value, length);
	read->has_waiting_list = read->is_closed = is_yes;
}

/* A name alone: the setting is given back. */
static bool is_reset(const char *text, size_t length, struct sheet_settings *read)
{
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		if (length == strlen(names[i]) && memcmp(text, names[i], length) == 0) {
			*read = (struct sheet_settings){.reset = sheet_setting_bit(i)};
			return true;
		}
	}
	return false;
}

static bool find_setting(const char *text, size_t length, enum sheet_setting *setting)
{
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		size_t name = strlen(names[i]);
		*setting = i;
		if (length > name && memcmp(text, names[i], name) == 0 && text[name] == '=')
			return true;
	}
	return false;
}

enum result setting_text_read(const char *text, size_t length, struct kept_sheet *kept)
{
	char value[SETTING_TEXT_SIZE], written[SETTING_TEXT_SIZE];
	struct sheet_settings read = {0};
	enum sheet_setting setting;

	if (is_reset(text, length, &read))
		return kept_sheet_take(kept, &read);
	if (length >= SETTING_TEXT_SIZE || !find_setting(text, length, &setting))
		return RESULT_MALFORMED;
	size_t name = strlen(names[setting]) + 1;
	read_value(text + name, length - name, &read, setting, value);
	/* Whatever else it says is lost in this, or longer than before. */
	struct kept_sheet *tried = memory_zeroed(sizeof(*tried));
	kept_sheet_begin(tried);
	enum result result = kept_sheet_take(tried, &read);
	if (result == RESULT_OK &&
		(setting_text_write(&tried->settings, setting, written) != length ||
			memcmp(written, text, length) != 0))
		result = RESULT_MALFORMED;
	free(tried);
	return result == RESULT_OK ? kept_sheet_take(kept, &read) : result;
}
