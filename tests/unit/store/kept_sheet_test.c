/* What of the sheet is taken, and what of it has changed since. */
#include "store/kept_sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "support/test.h"

static struct kept_sheet kept;

#define SETTING(name) .set = UINT32_C(1) << SHEET_SETTING_##name

static void expect_taken(const struct sheet_settings *changes, enum result result)
{
	kept_sheet_begin(&kept);
	assert_int_equal(kept_sheet_take(&kept, changes), result);
	assert_int_equal(kept.settings.set, result == RESULT_OK ? changes->set : 0);
	assert_int_equal(kept.settings.revision, result == RESULT_OK ? 1 : 0);
}

/* One of the texts, and how many characters it may have. */
struct text {
	size_t offset; /* in struct sheet_settings */
	size_t most;
	uint32_t set;
	bool has_lines;
	bool may_be_empty;
};

#define TEXT(member) offsetof(struct sheet_settings, member)

static const struct text texts[] = {
	{TEXT(title), LIMIT_TITLE, UINT32_C(1) << SHEET_SETTING_TITLE, false, false},
	{TEXT(intro), LIMIT_INTRO, UINT32_C(1) << SHEET_SETTING_INTRO, true, true},
	{TEXT(contact), LIMIT_CONTACT, UINT32_C(1) << SHEET_SETTING_CONTACT, false, true},
	{TEXT(privacy), LIMIT_PRIVACY, UINT32_C(1) << SHEET_SETTING_PRIVACY, true, true},
};

static const char **text_of(struct sheet_settings *settings, const struct text *text)
{
	return (const char **)(void *)((char *)settings + text->offset);
}

static void expect_text(const struct text *text, const char *value, bool is_taken)
{
	struct sheet_settings changes = {.set = text->set};

	*text_of(&changes, text) = value;
	expect_taken(&changes, is_taken ? RESULT_OK : RESULT_MALFORMED);
	assert_string_equal(*text_of(&kept.settings, text), is_taken ? value : "");
}

/* Of four bytes each. */
static void expect_characters(const struct text *text, size_t count, bool is_taken)
{
	char *value = memory_zeroed(4 * count + 1);

	for (size_t i = 0; i < count; i++)
		stpcpy(value + 4 * i, "\U0001f600");
	expect_text(text, value, is_taken);
	free(value);
}

TEST(plain_texts)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct text *text = &texts[i];
		expect_characters(text, text->most, true);
		expect_characters(text, text->most + 1, false);
		expect_text(text, "", text->may_be_empty);
		expect_text(text, "a\nb", text->has_lines);
		expect_text(text, "a\tb", false);
		expect_text(text, "a\xff", false);
		expect_text(text, "a\x7f", false);
	}
}

TEST(times_and_seats)
{
	static const struct {
		int64_t time;
		enum result result;
	} rows[] = {{-1, RESULT_MALFORMED}, {0, RESULT_OK}, {TIMESTAMP_LAST, RESULT_OK},
		{TIMESTAMP_LAST + 1, RESULT_MALFORMED}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		expect_taken(&(struct sheet_settings){SETTING(OPENS), .opens = rows[i].time},
			rows[i].result);
		expect_taken(&(struct sheet_settings){SETTING(CLOSES), .closes = rows[i].time},
			rows[i].result);
	}
	expect_taken(&(struct sheet_settings){SETTING(SEATS), .seats = LIMIT_SEATS}, RESULT_OK);
	assert_int_equal(kept.settings.seats, LIMIT_SEATS);
	expect_taken(&(struct sheet_settings){SETTING(SEATS), .seats = LIMIT_SEATS + 1},
		RESULT_MALFORMED);
}

static const struct sheet_settings all = {.set = SHEET_SETTINGS_ALL,
	.title = "Title",
	.intro = "Intro",
	.contact = "Contact",
	.privacy = "Privacy",
	.opens = 1,
	.closes = 2,
	.seats = 3,
	.has_waiting_list = true,
	.is_closed = true};

static void expect_values(const struct sheet_settings *settings)
{
	assert_string_equal(settings->title, "Title");
	assert_string_equal(settings->intro, "Intro");
	assert_string_equal(settings->contact, "Contact");
	assert_string_equal(settings->privacy, "Privacy");
	assert_int_equal(settings->opens, 1);
	assert_int_equal(settings->closes, 2);
	assert_int_equal(settings->seats, 3);
	assert_true(settings->has_waiting_list);
	assert_true(settings->is_closed);
}

/* Each alone changes nothing of the others. */
TEST(one_after_the_other)
{
	uint32_t set = 0;

	kept_sheet_begin(&kept);
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		struct sheet_settings changes = all;
		changes.set = sheet_setting_bit(i);
		assert_int_equal(kept_sheet_take(&kept, &changes), RESULT_OK);
		set |= changes.set;
		assert_int_equal(kept.settings.set, set);
		assert_int_equal(kept.settings.revision, i + 1U);
	}
	expect_values(&kept.settings);
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		const struct sheet_settings changes = {.reset = sheet_setting_bit(i)};
		assert_int_equal(kept_sheet_take(&kept, &changes), RESULT_OK);
		set &= ~changes.reset;
		assert_int_equal(kept.settings.set, set);
	}
	assert_int_equal(kept.settings.reset, 0);
}

/* One that is wrong, and none is taken. */
TEST(all_or_none)
{
	struct sheet_settings changes = all;

	changes.closes = -1;
	expect_taken(&changes, RESULT_MALFORMED);
	assert_string_equal(kept.settings.title, "");
}

TEST(changes_that_wait)
{
	struct sheet_settings changes = all;

	changes.set &= ~sheet_setting_bit(SHEET_SETTING_SEATS);
	changes.reset = SHEET_SETTINGS_ALL;
	changes.revision = 77;
	changes.unchanged = 5;
	kept_sheet_begin(&kept);
	assert_int_equal(kept_sheet_copy(&kept, &changes), RESULT_OK);
	assert_int_equal(kept.settings.set, changes.set);
	assert_int_equal(kept.settings.reset, sheet_setting_bit(SHEET_SETTING_SEATS));
	assert_int_equal(kept.settings.revision, 77);
	assert_int_equal(kept.settings.unchanged, 5);
}

/* What was set or given back since then, whoever did it. */
TEST(what_others_have_changed)
{
	kept_sheet_begin(&kept);
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		const uint32_t bit = sheet_setting_bit(i);
		struct sheet_settings changes = all;
		changes.set = i % 2 == 0 ? bit : 0;
		changes.reset = i % 2 == 0 ? 0 : bit;
		const uint64_t before = kept.settings.revision;
		assert_int_equal(kept_sheet_take(&kept, &changes), RESULT_OK);
		struct sheet_settings asked = {.unchanged = bit, .revision = before};
		assert_true(kept_sheet_is_other(&kept, &asked));
		asked.revision = before + 1;
		assert_false(kept_sheet_is_other(&kept, &asked));
		asked = (struct sheet_settings){
			.unchanged = SHEET_SETTINGS_ALL & ~bit, .revision = before};
		assert_false(kept_sheet_is_other(&kept, &asked));
	}
}
