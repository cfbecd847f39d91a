#ifndef ROLLCALL_STORE_KEPT_SHEET_H
#define ROLLCALL_STORE_KEPT_SHEET_H

#include "base/result.h"
#include "store/sheet_settings.h"

/* Sheet settings with their texts, in place: the texts stay where they are when others are taken.
 */
struct kept_sheet {
	struct sheet_settings settings;
	char title[4 * LIMIT_TITLE + 1];
	char intro[4 * LIMIT_INTRO + 1];
	char contact[4 * LIMIT_CONTACT + 1];
	char privacy[4 * LIMIT_PRIVACY + 1];
	uint64_t changed[SHEET_SETTINGS]; /* the revision that has each as it is */
};

/* Nothing is set. The struct must stay where it is. */
void kept_sheet_begin(struct kept_sheet *kept);

/* Copies what is set in `changes`, forgets what is given back, and leaves the rest as it is.
 * RESULT_MALFORMED: a value is none that sheet_settings.h allows, and nothing was copied. */
enum result kept_sheet_take(
	struct kept_sheet *kept, const struct sheet_settings *changes) MUST_CHECK;

/* Copies the changes as they are, for later, to one that was begun. RESULT_MALFORMED as above. */
enum result kept_sheet_copy(
	struct kept_sheet *kept, const struct sheet_settings *changes) MUST_CHECK;

/* Whether something has changed that must not have, for these changes. */
bool kept_sheet_is_other(const struct kept_sheet *kept, const struct sheet_settings *changes);

#endif
