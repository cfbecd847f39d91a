#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/flat_file/setting_text.h"

static struct kept_sheet kept;

static enum result take_text(const char *text)
{
	return setting_text_read(text, strlen(text), &kept);
}

static void expect_written(enum sheet_setting setting, const char *wanted)
{
	char text[SETTING_TEXT_SIZE];
	size_t length = setting_text_write(&kept.settings, setting, text);

	assert_int_equal(length, strlen(wanted));
	assert_memory_equal(text, wanted, length);
}

static void expect_taken(enum sheet_setting setting, const char *text)
{
	assert_int_equal(take_text(text), RESULT_OK);
	assert_true(sheet_settings_has(&kept.settings, setting));
	expect_written(setting, text);
}

TEST(every_setting)
{
	kept_sheet_begin(&kept);
	expect_taken(SHEET_SETTING_TITLE, "title=Bread & cheese = good");
	expect_taken(SHEET_SETTING_INTRO, "intro=One\\n\\ntwo \\\\n three\\\\");
	assert_string_equal(kept.settings.intro, "One\n\ntwo \\n three\\");
	expect_taken(SHEET_SETTING_CONTACT, "contact=Zo\u00eb");
	expect_taken(SHEET_SETTING_PRIVACY, "privacy=");
	expect_taken(SHEET_SETTING_OPENS, "opens=2026-12-05T17:00:00.000Z");
	assert_int_equal(kept.settings.opens, 1796490000000);
	expect_taken(SHEET_SETTING_OPENS, "opens=");
	assert_int_equal(kept.settings.opens, 0);
	expect_taken(SHEET_SETTING_CLOSES, "closes=9999-12-31T23:59:59.999Z");
	expect_taken(SHEET_SETTING_SEATS, "seats=30");
	expect_taken(SHEET_SETTING_SEATS, "seats=0");
	expect_taken(SHEET_SETTING_WAITING_LIST, "waiting-list=yes");
	assert_true(kept.settings.has_waiting_list);
	expect_taken(SHEET_SETTING_WAITING_LIST, "waiting-list=no");
	expect_taken(SHEET_SETTING_CLOSED, "closed=yes");
	assert_true(kept.settings.is_closed);
	assert_int_equal(kept.settings.set, (1 << SHEET_SETTINGS) - 1);
}

/* Nothing is set by it, and the values stay. */
TEST(what_is_none)
{
	static const char *const texts[] = {"", "titl", "titles", "=", "x=y", "title=", "Title=x",
		"title=a\\nb", "intro=a\\", "intro=a\\b", "opens=now", "opens=0",
		"opens=2026-12-05T17:00:00Z", "opens=1970-01-01T00:00:00.000Z", "seats=030",
		"seats=-1", "seats=", "seats=4000000001", "seats=99999999999999999999999",
		"waiting-list=", "waiting-list=on", "waiting-list=Yes", "closed=true", "closed=no ",
		"contact=a\tb", "contact=\xff"};

	kept_sheet_begin(&kept);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (take_text(texts[i]) != RESULT_MALFORMED)
			fail_msg("\"%s\" is taken", texts[i]);
	}
	assert_int_equal(kept.settings.set, 0);
}

/* A name alone. */
TEST(a_setting_that_is_given_back)
{
	char text[SETTING_TEXT_SIZE];

	kept_sheet_begin(&kept);
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		kept.settings.set = sheet_setting_bit(i);
		size_t length = setting_text_write_reset(i, text);
		assert_int_equal(setting_text_read(text, length, &kept), RESULT_OK);
		assert_int_equal(kept.settings.set, 0);
		assert_int_equal(kept.settings.reset, 0);
	}
}

static void fill(char *text, const char *character, size_t count)
{
	for (size_t i = 0; i < count; i++)
		text = stpcpy(text, character);
}

/* As long as it may be, in whatever characters, and no longer. */
TEST(long_texts)
{
	static const char *const characters[] = {"\n", "\\", "\U0001f600", "x"};
	char value[4 * LIMIT_INTRO + 5], text[SETTING_TEXT_SIZE];

	for (size_t i = 0; i < 4; i++) {
		struct sheet_settings settings = {
			.set = sheet_setting_bit(SHEET_SETTING_INTRO), .intro = value};
		kept_sheet_begin(&kept);
		fill(value, characters[i], LIMIT_INTRO);
		assert_int_equal(kept_sheet_take(&kept, &settings), RESULT_OK);
		assert_string_equal(kept.settings.intro, value);
		size_t length = setting_text_write(&kept.settings, SHEET_SETTING_INTRO, text);
		kept_sheet_begin(&kept);
		assert_int_equal(setting_text_read(text, length, &kept), RESULT_OK);
		assert_string_equal(kept.settings.intro, value);
		fill(value, characters[i], LIMIT_INTRO + 1);
		assert_int_equal(kept_sheet_take(&kept, &settings), RESULT_MALFORMED);
	}
}

/* All of it, or nothing. */
TEST(a_wrong_value_among_others)
{
	const struct sheet_settings settings = {.set = sheet_setting_bit(SHEET_SETTING_SEATS) |
						       sheet_setting_bit(SHEET_SETTING_TITLE),
		.seats = 5,
		.title = ""};

	kept_sheet_begin(&kept);
	assert_int_equal(kept_sheet_take(&kept, &settings), RESULT_MALFORMED);
	assert_int_equal(kept.settings.set, 0);
}
