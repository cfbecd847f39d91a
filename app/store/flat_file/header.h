#ifndef ROLLCALL_STORE_FLAT_FILE_HEADER_H
#define ROLLCALL_STORE_FLAT_FILE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/result.h"

/*
 * The first line of the flat file, fields separated by a TAB:
 *
 *	rollcall-users  FORMAT  unicode VERSION  [numbered NUMBER  checksum]
 *
 * The version of the format, 1 or 2, and that of the Unicode tables that its writer compared names
 * by. Version 2 has operations that version 1 does not know (record_version()); a program that
 * knows version 1 alone refuses such a file. A file that was written anew without its removed users
 *says which numbers had been given by then, so that none is given twice; the checksum is that of a
 *record, of the line up to the TAB before it.
 */
#define HEADER_UNICODE_SIZE 24

#define HEADER_VERSION_FIRST 1
#define HEADER_VERSION_LAST  2

struct header {
	unsigned version; /* of the format */
	char unicode[HEADER_UNICODE_SIZE];
	uint64_t numbered; /* no later user has this number or a lower one */
};

/* Reads the line without its line feed. RESULT_MALFORMED; RESULT_LIMIT if no user can have a number
 * that had been given. */
enum result header_parse(const char *line, size_t length, struct header *header) MUST_CHECK;

/* Whether those bytes, which the file ends in, can be the beginning of the line. */
bool header_is_cut(const char *line, size_t length);

/* That of a file which this program begins, with its tables. */
struct header header_of_program(unsigned version, uint64_t numbered);

/* Appends the line with its line feed. */
void header_write(struct buffer *lines, const struct header *header);

/* The same with that of this program, of the first version. */
void header_append(struct buffer *lines, uint64_t numbered);

/* The bytes of a file without users. */
off_t header_size(void);

#endif
