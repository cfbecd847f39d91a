#ifndef ROLLCALL_OPTIONS_SETTINGS_FILE_H
#define ROLLCALL_OPTIONS_SETTINGS_FILE_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/reason.h"
#include "base/result.h"

/*
 * A file of settings: lines NAME=value, as systemd's EnvironmentFile= and the files of /etc/default
 * have them. Blanks around the name and the value do not count, and a value can stand in quotes of
 * either kind, without which it could not begin or end with a blank. Empty lines, and those that
 * begin with # or ;, are comments. A backslash is a backslash.
 */
#define SETTINGS_FILE_MOST 65536 /* bytes of a file */

/* Reads the file at `path` into `text`. With a '-' before the path a file that is not there is an
 * empty one, as in systemd's units. A failure is explained. May wait for the disk: for a worker. */
enum result settings_file_load(
	const char *path, struct buffer *text, struct reason *reason) MUST_CHECK;

/* Takes a setting; both strings are gone when it returns. A status other than RESULT_OK is
 * explained in `reason`, and ends the reading. */
typedef enum result setting_cb(
	void *argument, const char *name, const char *value, struct reason *reason);

/* Goes through all settings of the text, which it writes over. A failure is explained, with the
 * path and the line. */
enum result settings_file_read(const char *path, struct buffer *text, setting_cb *visit,
	void *argument, struct reason *reason) MUST_CHECK;

#endif
