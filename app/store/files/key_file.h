#ifndef ROLLCALL_STORE_FILES_KEY_FILE_H
#define ROLLCALL_STORE_FILES_KEY_FILE_H

#include "base/reason.h"
#include "base/result.h"

/* A key that is made once and kept: DIRECTORY/leave.key, in hexadecimal, for its owner alone. */
#define KEY_FILE_NAME  "leave.key"
#define KEY_FILE_BYTES 16

/* Reads it, and makes it if there is none: durable when this returns. One process at a time: the
 * list of the directory is locked. RESULT_SYSTEM, or RESULT_MALFORMED for a file that is not such
 * a key, which is left alone. May wait for the disk. */
enum result key_file_load(const char *directory, unsigned char key[static KEY_FILE_BYTES],
	struct reason *reason) MUST_CHECK;

#endif
