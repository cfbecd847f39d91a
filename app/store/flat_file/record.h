#ifndef ROLLCALL_STORE_FLAT_FILE_RECORD_H
#define ROLLCALL_STORE_FLAT_FILE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/result.h"
#include "store/user.h"

/*
 * One line of the flat file, fields separated by a TAB:
 *
 *	checksum  operation  number  time  username
 *
 * The operation is that of the user with that number: it was created, removed, or has another name
 * from then on. Or a sheet setting was set: then the number is 0, and the setting stands in place
 *of the username (setting_text.h). The checksum is the CRC-32 of the rest of the line, in eight
 *hexadecimal digits; the time as in timestamp.h. Every record has exactly one spelling.
 */
enum operation {
	OPERATION_CREATED = '+',
	OPERATION_REMOVED = '-',
	OPERATION_RENAMED = '=',
	OPERATION_SET = '*',
};

struct record {
	enum operation operation;
	uint64_t number;  /* of the user: a removal has that of the user it removes */
	int64_t time;     /* milliseconds, as in timestamp.h */
	const char *name; /* or setting: UTF-8 without control characters; not terminated */
	size_t name_length;

	/* Of its line in the file it was read from, without the line feed: for journal_scan(). */
	off_t offset;
	size_t length;
};

/* The version of the format that has such records (header.h). */
unsigned record_version(enum operation operation);

/* Bytes of the line that record_append() makes of it, with its line feed. */
size_t record_size(const struct record *record);

/* Reads a line without its line feed. The name is borrowed from it. Whether a user can have the
 * number is not looked at. */
enum result record_parse(const char *line, size_t length, struct record *record) MUST_CHECK;

/* Reads the record that begins there, where nothing says where it ends. Returns its length, or 0 if
 * there is none. Takes no longer than the longest record does, wherever it is tried: a file can be
 * searched for records in time proportional to its size. */
size_t record_parse_start(const char *text, size_t length, struct record *record);

/* Whether the checksum of a line is right, whatever else is in it. That of one with LIMIT_RECORD
 * bytes or more is not looked at: a scan may see only a part of it. */
bool record_is_sealed(const char *line, size_t length);

/* The creation of a user. The name is borrowed. */
struct record record_of_user(const struct user *user);

/* Appends the line with its line feed. */
void record_append(struct buffer *lines, const struct record *record);

#endif
