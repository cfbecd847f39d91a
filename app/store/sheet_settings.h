#ifndef ROLLCALL_STORE_SHEET_SETTINGS_H
#define ROLLCALL_STORE_SHEET_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limit.h"

/* What the organiser can set of the sheet while it is served. */
enum sheet_setting {
	SHEET_SETTING_TITLE,
	SHEET_SETTING_INTRO,
	SHEET_SETTING_CONTACT,
	SHEET_SETTING_PRIVACY,
	SHEET_SETTING_OPENS,
	SHEET_SETTING_CLOSES,
	SHEET_SETTING_SEATS,
	SHEET_SETTING_WAITING_LIST,
	SHEET_SETTING_CLOSED,
};

#define SHEET_SETTINGS     9
#define SHEET_SETTINGS_ALL ((UINT32_C(1) << SHEET_SETTINGS) - 1)

/* Values as the options of the same name have them. What is not set has the option's value. */
struct sheet_settings {
	uint32_t set; /* sheet_setting_bit() of each that is set; the values of the rest do not
			 count */
	/* Of changes: those that are given back to their options; none of them is in `set`. Else 0.
	 */
	uint32_t reset;
	/* How often what the store keeps was changed since it was opened; of changes, what that was
	 * when they were made up. */
	uint64_t revision;
	/* Of changes: those that must not have changed since `revision`, whoever did it; else none
	 * of this is kept. 0: it does not matter. */
	uint32_t unchanged;
	/* Plain UTF-8 without control characters, of LIMIT_TITLE code points and so on at most; an
	 * intro may have line feeds. Borrowed. Empty: nothing is said; a title is not empty. */
	const char *title;
	const char *intro;
	const char *contact;
	const char *privacy;
	int64_t opens;  /* as in timestamp.h; 0: it always was open */
	int64_t closes; /* 0: it stays open */
	uint64_t seats; /* 0: no such limit */
	bool has_waiting_list;
	bool is_closed; /* whatever the time is */
};

static inline uint32_t sheet_setting_bit(enum sheet_setting setting)
{
	return UINT32_C(1) << setting;
}

static inline bool sheet_settings_has(
	const struct sheet_settings *settings, enum sheet_setting setting)
{
	return (settings->set & sheet_setting_bit(setting)) != 0;
}

#endif
