#ifndef ROLLCALL_ROUTES_ADMIN_SHEET_VALUES_H
#define ROLLCALL_ROUTES_ADMIN_SHEET_VALUES_H

#include "base/timestamp.h"
#include "routes/site.h"
#include "store/sheet_settings.h"

#define SHEET_VERSION_SIZE 17

/* The settings as text, in the order of sheet_settings.h. Texts are borrowed from the sheet. */
struct sheet_values {
	const char *values[SHEET_SETTINGS];
	char opens[TIMESTAMP_SIZE];
	char closes[TIMESTAMP_SIZE];
	char seats[32];
};

void sheet_values_list(const struct sheet *sheet, struct sheet_values *list);

/* Which of the settings organisers have set, a bit for each. */
uint32_t sheet_values_set(const struct site *site);

/* Which settings there are now, as an identifier that another run of the program gives them, too:
 * those whose bits are in `settings`, and whether they were set or are the options'. */
void sheet_values_version(
	const struct site *site, uint32_t settings, char version[static SHEET_VERSION_SIZE]);

#endif
