/*
 * Sheet settings as the flat file has them, and a database. What is read is written again byte by
 * byte; what is kept is within the limits of the settings, and is read as it was written; what is
 * refused changes nothing.
 */
#include "store/flat_file/setting_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "store/database/sheet_text.h"
#include "store/flat_file/record.h"

static size_t count_points(const char *text)
{
	size_t length = strlen(text), count = 0;

	for (size_t i = 0, step; i < length; i += step, count++) {
		int32_t point;
		step = utf8_decode(text + i, length - i, &point);
		must(step > 0 && (!utf8_is_control(point) || point == '\n'));
	}
	return count;
}

static void check_limits(const struct sheet_settings *settings)
{
	must((settings->set & ~SHEET_SETTINGS_ALL) == 0 && settings->reset == 0);
	must(count_points(settings->title) <= LIMIT_TITLE);
	must(strchr(settings->title, '\n') == NULL);
	must(!sheet_settings_has(settings, SHEET_SETTING_TITLE) || *settings->title != '\0');
	must(count_points(settings->intro) <= LIMIT_INTRO);
	must(count_points(settings->contact) <= LIMIT_CONTACT);
	must(strchr(settings->contact, '\n') == NULL);
	must(count_points(settings->privacy) <= LIMIT_PRIVACY);
	must(settings->opens >= 0 && settings->opens <= TIMESTAMP_LAST);
	must(settings->closes >= 0 && settings->closes <= TIMESTAMP_LAST);
	must(settings->seats <= LIMIT_SEATS);
}

static void must_be_sheet(const struct sheet_settings *a, const struct sheet_settings *b)
{
	char one[SETTING_TEXT_SIZE], other[SETTING_TEXT_SIZE];

	must(a->set == b->set);
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		if (!sheet_settings_has(a, i))
			continue;
		size_t length = setting_text_write(a, i, one);
		must(length < SETTING_TEXT_SIZE && setting_text_write(b, i, other) == length);
		must(memcmp(one, other, length) == 0);
	}
}

/* One setting was read: it is written as it was. */
static void check_written(
	const struct sheet_settings *settings, const char *text, size_t length, uint32_t changed)
{
	char written[SETTING_TEXT_SIZE];

	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		if (changed != sheet_setting_bit(i))
			continue;
		size_t size = sheet_settings_has(settings, i)
				      ? setting_text_write(settings, i, written)
				      : setting_text_write_reset(i, written);
		must(size == length && memcmp(written, text, length) == 0);
		return;
	}
	must(false); /* a setting was read */
}

/* Which one a text is about, by its beginning. */
static uint32_t setting_of(const char *text, size_t length)
{
	char name[SETTING_TEXT_SIZE];

	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		size_t size = setting_text_write_reset(i, name);
		if (length >= size && memcmp(text, name, size) == 0 &&
			(length == size || text[size] == '='))
			return sheet_setting_bit(i);
	}
	return 0;
}

static void read_setting(struct kept_sheet *kept, const char *text, size_t length)
{
	static struct kept_sheet before;

	kept_sheet_begin(&before);
	must(kept_sheet_take(&before, &kept->settings) == RESULT_OK);
	uint64_t revision = kept->settings.revision;
	uint32_t setting = setting_of(text, length);
	enum result result = setting_text_read(text, length, kept);
	if (result != RESULT_OK) {
		must(result == RESULT_MALFORMED && kept->settings.revision == revision);
		must_be_sheet(&kept->settings, &before.settings);
		return;
	}
	must(kept->settings.revision == revision + 1);
	check_limits(&kept->settings);
	check_written(&kept->settings, text, length, setting);
	/* The others are as they were. */
	must((kept->settings.set & ~setting) == (before.settings.set & ~setting));
}

/* As a column of the database has it. */
static void check_column(const struct sheet_settings *settings, enum sheet_setting setting)
{
	static struct kept_sheet again;
	char text[SHEET_TEXT_SIZE + 1], one[SETTING_TEXT_SIZE], other[SETTING_TEXT_SIZE];
	struct sheet_settings read = {0};
	size_t length = sheet_text_write(settings, setting, text);

	must(length < sizeof(text));
	text[length] = '\0';
	sheet_text_read(&read, setting, text);
	kept_sheet_begin(&again);
	must(kept_sheet_take(&again, &read) == RESULT_OK);
	length = setting_text_write(settings, setting, one);
	must(setting_text_write(&again.settings, setting, other) == length);
	must(memcmp(one, other, length) == 0);
}

/* A setting that an organiser gives a value: what is kept is read as it was written. */
static void set_setting(
	struct kept_sheet *kept, enum sheet_setting setting, const char *text, size_t length)
{
	static struct kept_sheet again;
	char *value = fuzz_string(text, length), written[SETTING_TEXT_SIZE];
	uint64_t number = 0;

	if (length > 0)
		memcpy(&number, text, length < sizeof(number) ? length : sizeof(number));
	const struct sheet_settings changes = {.set = sheet_setting_bit(setting),
		.title = value,
		.intro = value,
		.contact = value,
		.privacy = value,
		.opens = (int64_t)number,
		.closes = (int64_t)number,
		.seats = number,
		.has_waiting_list = number % 2 == 1,
		.is_closed = number % 2 == 1};
	if (kept_sheet_take(kept, &changes) == RESULT_OK) {
		check_limits(&kept->settings);
		size_t size = setting_text_write(&kept->settings, setting, written);
		must(size > 0 && size < SETTING_TEXT_SIZE && utf8_is_valid(written, size));
		must(memchr(written, '\n', size) == NULL);
		kept_sheet_begin(&again);
		must(setting_text_read(written, size, &again) == RESULT_OK);
		must(again.settings.set == sheet_setting_bit(setting));
		check_column(&kept->settings, setting);
		again.settings.set = kept->settings.set;
		check_written(&again.settings, written, size, sheet_setting_bit(setting));
	}
	free(value);
}

/* All of it as records, which are read to the same. */
static void check_round_trip(const struct kept_sheet *kept)
{
	static struct kept_sheet again;
	struct buffer lines = {0};
	size_t count = 0;

	kept_sheet_begin(&again);
	setting_text_append(&lines, &kept->settings, 0);
	must(!lines.failed);
	for (size_t at = 0; at < lines.length; count++) {
		const char *line = lines.bytes + at;
		const char *end = memchr(line, '\n', lines.length - at);
		struct record record;
		must(end != NULL);
		must(record_parse(line, (size_t)(end - line), &record) == RESULT_OK);
		must(record.operation == OPERATION_SET);
		must(setting_text_read(record.name, record.name_length, &again) == RESULT_OK);
		at += (size_t)(end - line) + 1;
	}
	must(count == (size_t)__builtin_popcount(kept->settings.set));
	must_be_sheet(&kept->settings, &again.settings);
	buffer_free(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct kept_sheet kept;
	struct fuzz_input input = {bytes, length};

	kept_sheet_begin(&kept);
	while (input.length > 0) {
		size_t text_length;
		const char *text = fuzz_take_text(&input, &text_length);
		/* No setting's name begins with a control character. */
		if (text_length > 0 && *text > 0 && *text <= SHEET_SETTINGS)
			set_setting(
				&kept, (enum sheet_setting)(*text - 1), text + 1, text_length - 1);
		else
			read_setting(&kept, text, text_length);
	}
	check_round_trip(&kept);
	return 0;
}
