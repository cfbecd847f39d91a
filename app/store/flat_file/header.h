#ifndef ROLLCALL_STORE_FLAT_FILE_HEADER_H
#define ROLLCALL_STORE_FLAT_FILE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"

/*
 * The first line of the flat file, fields separated by a TAB:
 *
 *	rollcall-users  1  unicode VERSION  [numbered NUMBER  checksum]
 *
 * The version of the format, and that of the Unicode tables that its writer compared names by. A
 * file that was written anew without its removed users says which numbers had been given by then,
 * so that none is given twice; the checksum is that of a record, of the line up to the TAB before
 * it.
 */
#define HEADER_UNICODE_SIZE 24

struct header {
	char unicode[HEADER_UNICODE_SIZE];
	uint64_t numbered; /* no later user has this number or a lower one */
};

/* Reads the line without its line feed. RESULT_MALFORMED; RESULT_LIMIT if no user can have a number
 * that had been given. */
enum result header_parse(const char *line, size_t length, struct header *header) MUST_CHECK;

/* Whether those bytes, which the file ends in, can be the beginning of the line. */
bool header_is_cut(const char *line, size_t length);

/* Appends the line with its line feed, for the tables of this program. */
void header_append(struct buffer *lines, uint64_t numbered);

#endif
