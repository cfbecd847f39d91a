#ifndef ROLLCALL_FORMATS_LIST_READER_H
#define ROLLCALL_FORMATS_LIST_READER_H

#include "formats/format.h"

/* Reads a list of users in one of the formats, as it comes, wherever its chunks are cut. Byte order
 * marks before it, which some spreadsheets write, are skipped; if the first is that of UTF-16, in
 * either order of bytes, the format gets what that is in UTF-8, with U+FFFD for half a character.
 */
struct list_reader;

/* The visitor is borrowed until list_reader_close(). */
struct list_reader *list_reader_open(
	const struct format *format, const struct entry_visitor *visitor);

/* Statuses as in format.h. */
enum result list_reader_feed(
	struct list_reader *reader, const char *bytes, size_t length) MUST_CHECK;
enum result list_reader_finish(struct list_reader *reader) MUST_CHECK;

/* NULL is fine. */
void list_reader_close(struct list_reader *reader);

#endif
