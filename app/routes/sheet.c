/*
 * The state of the sheet follows from the clock and the number of users; nothing of it is kept. For
 * the number, a page goes by the users that are stored. Whether a user gets the last seat is for
 * the store to decide, in its order (store_create()).
 */
#include "routes/sheet.h"

struct sheet_status sheet_status_of(const struct sheet *sheet, uint64_t users, int64_t now)
{
	uint64_t most = sheet->seats != 0 && sheet->seats < sheet->most_users ? sheet->seats
									      : sheet->most_users;
	struct sheet_status status = {.state = sheet_phase(sheet, now),
		.opens = sheet->opens,
		.closes = sheet->closes,
		.seats = sheet->seats != 0 ? most : 0};

	status.left = status.seats > users ? status.seats - users : 0;
	if (status.state == SHEET_OPEN && users >= most)
		status.state = SHEET_FULL;
	return status;
}
