#ifndef ROLLCALL_STORE_FLAT_FILE_SETTING_TEXT_H
#define ROLLCALL_STORE_FLAT_FILE_SETTING_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/limit.h"
#include "base/result.h"
#include "store/kept_sheet.h"

/*
 * A sheet setting as a record of the flat file has it, on one line: the name of the option, "=" and
 * the value. In a text, \n stands for a line feed and \\ for a backslash; a time is as in
 * timestamp.h, or empty; of the rest, a number, or yes or no. Each value has one spelling. A name
 * alone, without "=": the setting is given back to its option.
 */
#define SETTING_TEXT_SIZE LIMIT_SETTING

/* Writes one that is set. Returns its length; it is not terminated. */
size_t setting_text_write(const struct sheet_settings *settings, enum sheet_setting setting,
	char text[static SETTING_TEXT_SIZE]);

/* The same for one that is given back. */
size_t setting_text_write_reset(enum sheet_setting setting, char text[static SETTING_TEXT_SIZE]);

/* Appends a record for each that is set or given back. */
void setting_text_append(struct buffer *lines, const struct sheet_settings *settings, int64_t time);

/* Takes what a text says. RESULT_MALFORMED: nothing was taken. */
enum result setting_text_read(const char *text, size_t length, struct kept_sheet *kept) MUST_CHECK;

#endif
