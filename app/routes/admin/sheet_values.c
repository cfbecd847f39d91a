/*
 * The settings of the sheet as the form and JSON know them, and which they are: a form, or a
 * program, says for which settings it was made.
 */
#include "routes/admin/sheet_values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "store/store.h"

static void write_moment_value(int64_t time, char text[static TIMESTAMP_SIZE])
{
	*text = '\0';
	if (time != 0)
		timestamp_format(time, text);
}

void sheet_values_list(const struct sheet *sheet, struct sheet_values *list)
{
	const struct sheet_text *text = &sheet->text;

	write_moment_value(sheet->opens, list->opens);
	write_moment_value(sheet->closes, list->closes);
	*list->seats = '\0';
	if (sheet->seats != 0)
		snprintf(list->seats, sizeof(list->seats), "%" PRIu64, sheet->seats);
	memcpy(list->values,
		(const char *[]){[SHEET_SETTING_TITLE] = text->title,
			[SHEET_SETTING_INTRO] = text->intro,
			[SHEET_SETTING_CONTACT] = text->contact,
			[SHEET_SETTING_PRIVACY] = text->privacy,
			[SHEET_SETTING_OPENS] = list->opens,
			[SHEET_SETTING_CLOSES] = list->closes,
			[SHEET_SETTING_SEATS] = list->seats,
			[SHEET_SETTING_WAITING_LIST] = sheet->has_waiting_list ? "on" : "off",
			[SHEET_SETTING_CLOSED] = sheet->is_closed ? "on" : "off"},
		sizeof(list->values));
}

uint32_t sheet_values_set(const struct site *site)
{
	return store_sheet_settings(site->store)->set;
}

void sheet_values_version(
	const struct site *site, uint32_t settings, char version[static SHEET_VERSION_SIZE])
{
	struct sheet_values list;
	XXH64_hash_t hash = sheet_values_set(site) & settings;

	sheet_values_list(&site->sheet, &list);
	for (unsigned i = 0; i < SHEET_SETTINGS; i++) {
		if ((settings & sheet_setting_bit((enum sheet_setting)i)) != 0)
			hash = XXH64(list.values[i], strlen(list.values[i]) + 1, hash);
	}
	snprintf(version, SHEET_VERSION_SIZE, "%016" PRIx64, (uint64_t)hash);
}
