#ifndef ROLLCALL_COMMANDS_USERS_FILE_H
#define ROLLCALL_COMMANDS_USERS_FILE_H

#include "store/files/watched_vfs.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/replay.h"

/* The flat file as commands open it. What goes wrong is said on standard error; the result is an
 * exit status of sysexits(3), EX_OK if all went well. */

/* The path of the flat file in a data directory, for free(). */
char *users_file_path(const char *data);

/* EX_OK if there is a flat file in a data directory that can be written, and how many bytes it has:
 * a directory that is mistyped must not be filled. */
int users_file_size(const char *data, uint64_t *size) MUST_CHECK;

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

/* The flat file of a data directory, open for writing. */
struct users_file {
	struct watched_vfs disk;
	struct replay replay; /* all of what it held when it was opened */
	struct journal *journal;
	struct header header;
	uint64_t size; /* of the file, in bytes; 0 if it is new */
};

/* Opens it as a server does, and reads it: EX_TEMPFAIL if another process has it, EX_NOINPUT if it
 * is not there. Must stay where it is, and be closed, also after a failure. */
int users_file_open(struct users_file *file, const char *data) MUST_CHECK;

/* The same, but a data directory without one gets one; if something there says that there was one,
 * only with `makes_list`, which is EX_USAGE where there is one. */
int users_file_open_or_create(
	struct users_file *file, const char *data, bool makes_list) MUST_CHECK;

/* Appends a record of now, for a user: EX_OK once it is on disk. */
int users_file_append(
	struct users_file *file, enum operation operation, const struct user *user) MUST_CHECK;

void users_file_close(struct users_file *file);

/* For a system call that failed: says errno, and which file it was. */
int users_file_failed(const char *path) MUST_CHECK;

#endif
