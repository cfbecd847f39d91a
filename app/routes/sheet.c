/*
 * The state of the sheet follows from the clock and the number of users; nothing of it is kept. For
 * the number, a page goes by the users that are stored. Whether a user gets the last seat is for
 * the store to decide, in its order (store_create()).
 */
#include "routes/sheet.h"

static void set_texts(struct sheet_text *text, const struct sheet_settings *settings)
{
	if (sheet_settings_has(settings, SHEET_SETTING_TITLE))
		text->title = settings->title;
	if (sheet_settings_has(settings, SHEET_SETTING_INTRO))
		text->intro = settings->intro;
	if (sheet_settings_has(settings, SHEET_SETTING_CONTACT))
		text->contact = settings->contact;
	if (sheet_settings_has(settings, SHEET_SETTING_PRIVACY))
		text->privacy = settings->privacy;
}

void sheet_set(struct sheet *sheet, const struct sheet_settings *settings)
{
	set_texts(&sheet->text, settings);
	if (sheet_settings_has(settings, SHEET_SETTING_OPENS))
		sheet->opens = settings->opens;
	if (sheet_settings_has(settings, SHEET_SETTING_CLOSES))
		sheet->closes = settings->closes;
	if (sheet_settings_has(settings, SHEET_SETTING_SEATS))
		sheet->seats = settings->seats;
	if (sheet_settings_has(settings, SHEET_SETTING_WAITING_LIST))
		sheet->has_waiting_list = settings->has_waiting_list;
	if (sheet_settings_has(settings, SHEET_SETTING_CLOSED))
		sheet->is_closed = settings->is_closed;
}

struct sheet_status sheet_status_of(const struct sheet *sheet, uint64_t users, int64_t now)
{
	uint64_t most = sheet->seats != 0 && sheet->seats < sheet->most_users ? sheet->seats
									      : sheet->most_users;
	struct sheet_status status = {.state = sheet_phase(sheet, now),
		.opens = sheet->opens,
		.closes = sheet->is_closed && sheet->closes > now ? 0 : sheet->closes,
		.seats = sheet->seats != 0 ? most : 0};

	status.left = status.seats > users ? status.seats - users : 0;
	if (sheet->has_waiting_list)
		most = sheet->most_users;
	if (status.state == SHEET_OPEN && users >= most)
		status.state = SHEET_FULL;
	return status;
}
