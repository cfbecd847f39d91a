/*
 * Sheet settings as text in a column of the database. The functions of the schema read seats and
 * the waiting list as well: so there is one form for all nodes, and a plain one.
 */
#include "store/database/sheet_text.h"

#include <string.h>

#include "base/decimal.h"

static size_t copy_text(const char *value, char text[static SHEET_TEXT_SIZE])
{
	size_t length = strnlen(value, SHEET_TEXT_SIZE);

	memcpy(text, value, length);
	return length;
}

size_t sheet_text_write(const struct sheet_settings *settings, enum sheet_setting setting,
	char text[static SHEET_TEXT_SIZE])
{
	switch (setting) {
	case SHEET_SETTING_TITLE:
		return copy_text(settings->title, text);
	case SHEET_SETTING_INTRO:
		return copy_text(settings->intro, text);
	case SHEET_SETTING_CONTACT:
		return copy_text(settings->contact, text);
	case SHEET_SETTING_PRIVACY:
		return copy_text(settings->privacy, text);
	case SHEET_SETTING_OPENS:
		return decimal_write((uint64_t)settings->opens, text);
	case SHEET_SETTING_CLOSES:
		return decimal_write((uint64_t)settings->closes, text);
	case SHEET_SETTING_SEATS:
		return decimal_write(settings->seats, text);
	case SHEET_SETTING_WAITING_LIST:
		return copy_text(settings->has_waiting_list ? "yes" : "no", text);
	case SHEET_SETTING_CLOSED:
		return copy_text(settings->is_closed ? "yes" : "no", text);
	}
	return 0;
}

/* A number that is none becomes one that is not allowed. */
static uint64_t decimal_of(const char *text)
{
	uint64_t number;

	return decimal_read(text, &number) ? number : UINT64_MAX;
}

void sheet_text_read(struct sheet_settings *settings, enum sheet_setting setting, const char *text)
{
	settings->set |= sheet_setting_bit(setting);
	switch (setting) {
	case SHEET_SETTING_TITLE:
		settings->title = text;
		break;
	case SHEET_SETTING_INTRO:
		settings->intro = text;
		break;
	case SHEET_SETTING_CONTACT:
		settings->contact = text;
		break;
	case SHEET_SETTING_PRIVACY:
		settings->privacy = text;
		break;
	case SHEET_SETTING_OPENS:
		settings->opens = (int64_t)decimal_of(text);
		break;
	case SHEET_SETTING_CLOSES:
		settings->closes = (int64_t)decimal_of(text);
		break;
	case SHEET_SETTING_SEATS:
		settings->seats = decimal_of(text);
		break;
	case SHEET_SETTING_WAITING_LIST:
		settings->has_waiting_list = strcmp(text, "yes") == 0;
		break;
	case SHEET_SETTING_CLOSED:
		settings->is_closed = strcmp(text, "yes") == 0;
		break;
	}
}
