#ifndef ROLLCALL_USERS_FILE_H
#define ROLLCALL_USERS_FILE_H

#include "../store/journal.h"
#include "../store/replay.h"

/* The flat file as commands open it. What goes wrong is said on standard error; the result is an
 * exit status of sysexits(3), EX_OK if all went well. */

/* The path of the flat file in a data directory, for free(). */
char *users_file_path(const char *data);

/* EX_OK if there is a flat file in a data directory: a mistyped one must not be filled. */
int users_file_missing(const char *data) MUST_CHECK;

/*
 * Reads a flat file, without a lock and without changing anything: a server may be at work on it.
 * EX_OK whenever it could be read: `scan` has what was found, and `replay`, opened by the caller,
 * the users up to the first bad line.
 */
int users_file_read(const char *path, struct replay *replay, struct journal_scan *scan) MUST_CHECK;

/* The same with a file that is open. */
int users_file_scan(
	const char *path, int file, struct replay *replay, struct journal_scan *scan) MUST_CHECK;

/* EX_DATAERR if what was read is damaged. A torn end is not. */
int users_file_sound(const char *path, const struct journal_scan *scan) MUST_CHECK;

/* Both, for commands that want every user. */
int users_file_read_sound(
	const char *path, struct replay *replay, struct journal_scan *scan) MUST_CHECK;

/* Opens the flat file of a data directory for writing, as a server does, and reads it: EX_TEMPFAIL
 * if somebody else has it, EX_NOINPUT if it is not there. */
int users_file_open(const char *data, struct replay *replay, struct journal **journal) MUST_CHECK;

/* The same, but where there is none yet it is made. EX_NOINPUT if the directory is not there. */
int users_file_open_or_create(
	const char *data, struct replay *replay, struct journal **journal) MUST_CHECK;

/* For a system call that failed: says errno, and which file it was. */
int users_file_failed(const char *path) MUST_CHECK;

/* For a status of the store that is not STATUS_OK. */
int users_file_exit(enum status status) MUST_CHECK;

#endif
