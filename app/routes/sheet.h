#ifndef ROLLCALL_ROUTES_SHEET_H
#define ROLLCALL_ROUTES_SHEET_H

#include <stdint.h>

#include "store/sheet_settings.h"
#include "views/sheet_status.h"
#include "views/sheet_text.h"

/* What the organiser has set: a value, to be replaced as a whole while the site is served. The kept
 * pages have to be renewed then, since they show it. */
struct sheet {
	struct sheet_text text;
	int64_t opens;         /* as in timestamp.h; 0: it always was open */
	int64_t closes;        /* the first moment at which it is closed; 0: it stays open */
	uint64_t seats;        /* 0: as many as there may be users, and pages do not count them */
	uint64_t most_users;   /* that there may be, whatever the seats */
	bool has_waiting_list; /* names are taken when all seats are, and wait for one */
	bool is_closed;        /* whatever the time is */
};

/* Puts what was set while it is served in the place of what was there. Borrows the texts. */
void sheet_set(struct sheet *sheet, const struct sheet_settings *settings);

/* Whether it is open at this moment, regardless of the number of users. */
static inline enum sheet_state sheet_phase(const struct sheet *sheet, int64_t now)
{
	if (sheet->is_closed)
		return SHEET_CLOSED;
	if (now < sheet->opens)
		return SHEET_NOT_YET_OPEN;
	return sheet->closes != 0 && now >= sheet->closes ? SHEET_CLOSED : SHEET_OPEN;
}

/* Whether there is a moment at which it is open, regardless of what is closed by hand. */
static inline bool sheet_can_open(const struct sheet *sheet)
{
	return sheet->closes == 0 || sheet->opens < sheet->closes;
}

/* All there is to know of it, with so many users. */
struct sheet_status sheet_status_of(const struct sheet *sheet, uint64_t users, int64_t now);

#endif
