/*
 * What the organiser has set of the sheet, and the rules for it: settings of requests and those of
 * the file come through here.
 */
#include "store/kept_sheet.h"

#include <string.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "base/utf8.h"

void kept_sheet_begin(struct kept_sheet *kept)
{
	kept->settings = (struct sheet_settings){.title = kept->title,
		.intro = kept->intro,
		.contact = kept->contact,
		.privacy = kept->privacy};
	memset(kept->changed, 0, sizeof(kept->changed));
	*kept->title = *kept->intro = *kept->contact = *kept->privacy = '\0';
}

static bool is_plain(const char *text, size_t most, bool has_lines)
{
	size_t length = strlen(text), count = 0;
	int32_t point;

	for (size_t i = 0, step; i < length; i += step, count++) {
		step = utf8_decode(text + i, length - i, &point);
		if (step == 0 || (utf8_is_control(point) && !(has_lines && point == '\n')))
			return false;
	}
	return count <= most;
}

static bool is_moment(int64_t time)
{
	return time >= 0 && time <= TIMESTAMP_LAST;
}

static bool is_valid(const struct sheet_settings *changes, enum sheet_setting setting)
{
	switch (setting) {
	case SHEET_SETTING_TITLE:
		return *changes->title != '\0' && is_plain(changes->title, LIMIT_TITLE, false);
	case SHEET_SETTING_INTRO:
		return is_plain(changes->intro, LIMIT_INTRO, true);
	case SHEET_SETTING_CONTACT:
		return is_plain(changes->contact, LIMIT_CONTACT, false);
	case SHEET_SETTING_PRIVACY:
		return is_plain(changes->privacy, LIMIT_PRIVACY, true);
	case SHEET_SETTING_OPENS:
		return is_moment(changes->opens);
	case SHEET_SETTING_CLOSES:
		return is_moment(changes->closes);
	case SHEET_SETTING_SEATS:
		return changes->seats <= LIMIT_SEATS;
	case SHEET_SETTING_WAITING_LIST:
	case SHEET_SETTING_CLOSED:
		break;
	}
	return true;
}

static void copy_setting(
	struct kept_sheet *kept, const struct sheet_settings *changes, enum sheet_setting setting)
{
	struct sheet_settings *settings = &kept->settings;

	switch (setting) {
	case SHEET_SETTING_TITLE:
		stpcpy(kept->title, changes->title);
		break;
	case SHEET_SETTING_INTRO:
		stpcpy(kept->intro, changes->intro);
		break;
	case SHEET_SETTING_CONTACT:
		stpcpy(kept->contact, changes->contact);
		break;
	case SHEET_SETTING_PRIVACY:
		stpcpy(kept->privacy, changes->privacy);
		break;
	case SHEET_SETTING_OPENS:
		settings->opens = changes->opens;
		break;
	case SHEET_SETTING_CLOSES:
		settings->closes = changes->closes;
		break;
	case SHEET_SETTING_SEATS:
		settings->seats = changes->seats;
		break;
	case SHEET_SETTING_WAITING_LIST:
		settings->has_waiting_list = changes->has_waiting_list;
		break;
	case SHEET_SETTING_CLOSED:
		settings->is_closed = changes->is_closed;
		break;
	}
	settings->set |= sheet_setting_bit(setting);
	kept->changed[setting] = settings->revision;
}

static void forget_setting(struct kept_sheet *kept, enum sheet_setting setting)
{
	kept->settings.set &= ~sheet_setting_bit(setting);
	kept->changed[setting] = kept->settings.revision;
}

enum result kept_sheet_take(struct kept_sheet *kept, const struct sheet_settings *changes)
{
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		if (sheet_settings_has(changes, i) && !is_valid(changes, i))
			return RESULT_MALFORMED;
	}
	kept->settings.revision++;
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		if (sheet_settings_has(changes, i))
			copy_setting(kept, changes, i);
		else if ((changes->reset & sheet_setting_bit(i)) != 0)
			forget_setting(kept, i);
	}
	return RESULT_OK;
}

enum result kept_sheet_copy(struct kept_sheet *kept, const struct sheet_settings *changes)
{
	enum result result = kept_sheet_take(kept, changes);

	kept->settings.reset = changes->reset & ~changes->set;
	kept->settings.revision = changes->revision;
	kept->settings.unchanged = changes->unchanged;
	return result;
}

bool kept_sheet_is_other(const struct kept_sheet *kept, const struct sheet_settings *changes)
{
	for (enum sheet_setting i = 0; i < SHEET_SETTINGS; i++) {
		if ((changes->unchanged & sheet_setting_bit(i)) != 0 &&
			kept->changed[i] > changes->revision)
			return true;
	}
	return false;
}
