#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_FLAT_FILE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_FLAT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "support/temporary_directory.h"

/* A data directory of the test's own, and the bytes of the users.log in it, to be put there and
 * looked at without the help of the program. */
struct flat_file {
	struct temporary_directory directory;
	char path[96]; /* of users.log, which need not exist */
};

void flat_file_make(struct flat_file *file);
void flat_file_remove(struct flat_file *file);

/* Replaces what a file is to hold, or makes it. */
void flat_file_write(const char *path, const char *bytes, size_t length);

/* The same for users.lock: "clean\n" is what a process leaves that came to an end of its own. */
void flat_file_lock(const struct flat_file *file, const char *line);

/* Replaces what `bytes` holds by all of the file. */
void flat_file_read(const char *path, struct buffer *bytes);

/* How many files of the directory have a name that begins so; `path`, unless NULL, gets the path of
 * one. */
size_t flat_file_count(const struct flat_file *file, const char *prefix, char *path, size_t size);

/* The parts of a good file. */
void flat_file_header(struct buffer *bytes);
void flat_file_created(struct buffer *bytes, uint64_t number, const char *name);
void flat_file_removed(struct buffer *bytes, uint64_t number, const char *name);
void flat_file_renamed(struct buffer *bytes, uint64_t number, const char *name);

/* A header and users 1 to `count`: user1, user2... */
void flat_file_users(struct buffer *bytes, uint64_t count);

/* Offset of line `line`, counted from 1 with the header; the length of it all is that of the line
 * after the last. */
size_t flat_file_line(const struct buffer *bytes, size_t line);

#endif
