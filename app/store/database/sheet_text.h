#ifndef ROLLCALL_STORE_DATABASE_SHEET_TEXT_H
#define ROLLCALL_STORE_DATABASE_SHEET_TEXT_H

#include <stddef.h>

#include "base/limit.h"
#include "store/sheet_settings.h"

/* The value of a sheet setting as the database has it: texts as they are; moments in milliseconds
 * and seats in decimal; of the rest, yes or no. */
#define SHEET_TEXT_SIZE (4 * LIMIT_INTRO + 1)

/* Writes one that is set. Returns its length; it is not terminated. */
size_t sheet_text_write(const struct sheet_settings *settings, enum sheet_setting setting,
	char text[static SHEET_TEXT_SIZE]);

/* Sets what a terminated value says, which is borrowed. What is not of that form, or not allowed,
 * is for kept_sheet_take() to refuse. */
void sheet_text_read(struct sheet_settings *settings, enum sheet_setting setting, const char *text);

#endif
