/*
 * Stands before the reader of a format and makes UTF-8 of what spreadsheets save: it drops byte
 * order marks, and decodes UTF-16 of either byte order. The formats themselves know only UTF-8.
 */
#include "formats/list_reader.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

#define DECODED 1024 /* bytes that are handed on at once */

static const char mark[] = {'\xef', '\xbb', '\xbf'};

struct list_reader {
	const struct format *format;
	void *reading;
	enum encoding { UNKNOWN, UTF8, UTF16_BIG, UTF16_LITTLE } encoding;
	unsigned char held[2]; /* the first bytes of the list; or half a unit of UTF-16 */
	size_t held_count;
	int32_t high; /* half of a pair of surrogates, or 0 */

	/* Of UTF-8, read or made. */
	bool is_past_marks;
	size_t mark_held; /* bytes of a mark, from earlier chunks */
};

struct list_reader *list_reader_open(
	const struct format *format, const struct entry_visitor *visitor)
{
	struct list_reader *reader = memory_zeroed(sizeof(*reader));

	reader->format = format;
	reader->reading = format->open(visitor);
	return reader;
}

/* What looked like the beginning of a mark was text. */
static enum result give_back(struct list_reader *reader)
{
	reader->is_past_marks = true;
	return reader->format->feed(reader->reading, mark, reader->mark_held);
}

static enum result feed_utf8(struct list_reader *reader, const char *bytes, size_t length)
{
	while (!reader->is_past_marks && length > 0) {
		if (*bytes != mark[reader->mark_held]) {
			enum result result = give_back(reader);
			if (result != RESULT_OK)
				return result;
			break;
		}
		reader->mark_held = (reader->mark_held + 1) % sizeof(mark);
		bytes++;
		length--;
	}
	return reader->format->feed(reader->reading, bytes, length);
}

/* Decodes a unit of UTF-16. Returns how many code points that completes. */
static size_t decode_unit(struct list_reader *reader, int32_t unit, int32_t points[static 2])
{
	int32_t high = reader->high;
	size_t count = 0;

	reader->high = 0;
	if (high != 0 && unit >= 0xdc00 && unit <= 0xdfff)
		unit = 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
	else if (high != 0)
		points[count++] = UTF8_REPLACEMENT;
	if (unit >= 0xd800 && unit <= 0xdbff) {
		reader->high = unit;
		return count;
	}
	points[count++] = unit >= 0xdc00 && unit <= 0xdfff ? UTF8_REPLACEMENT : unit;
	return count;
}

static enum result feed_utf16(struct list_reader *reader, const char *bytes, size_t length)
{
	bool is_little = reader->encoding == UTF16_LITTLE;
	char decoded[DECODED];
	size_t used = 0;
	enum result result = RESULT_OK;

	for (size_t i = 0; i < length && result == RESULT_OK; i++) {
		reader->held[reader->held_count++] = (unsigned char)bytes[i];
		if (reader->held_count < 2)
			continue;
		reader->held_count = 0;
		int32_t points[2], unit = reader->held[is_little] << 8 | reader->held[!is_little];
		size_t count = decode_unit(reader, unit, points), encoded;
		utf8_encode(points, count, decoded + used, DECODED - used, &encoded);
		used += encoded;
		if (used > DECODED - 2 * UTF8_MOST) {
			result = feed_utf8(reader, decoded, used);
			used = 0;
		}
	}
	return result == RESULT_OK ? feed_utf8(reader, decoded, used) : result;
}

/* By what the list begins with; or by what there is of it, if that is all. */
static enum result detect_encoding(struct list_reader *reader)
{
	size_t count = reader->held_count;
	unsigned char first = reader->held[0], second = reader->held[1];

	reader->held_count = 0;
	reader->encoding = UTF8;
	if (count == 2 && first == 0xfe && second == 0xff)
		reader->encoding = UTF16_BIG;
	else if (count == 2 && first == 0xff && second == 0xfe)
		reader->encoding = UTF16_LITTLE;
	else
		return feed_utf8(reader, (const char *)reader->held, count);
	return RESULT_OK;
}

enum result list_reader_feed(struct list_reader *reader, const char *bytes, size_t length)
{
	while (reader->encoding == UNKNOWN && length > 0) {
		reader->held[reader->held_count++] = (unsigned char)*bytes++;
		length--;
		if (reader->held_count < 2)
			continue;
		enum result result = detect_encoding(reader);
		if (result != RESULT_OK)
			return result;
	}
	if (reader->encoding == UNKNOWN)
		return RESULT_OK;
	return reader->encoding == UTF8 ? feed_utf8(reader, bytes, length)
					: feed_utf16(reader, bytes, length);
}

/* What was begun and does not go on. */
static enum result end_text(struct list_reader *reader)
{
	static const char replacement[] = "\xef\xbf\xbd";

	if (reader->encoding == UNKNOWN)
		return detect_encoding(reader);
	if (reader->held_count == 0 && reader->high == 0)
		return RESULT_OK;
	return feed_utf8(reader, replacement, sizeof(replacement) - 1);
}

enum result list_reader_finish(struct list_reader *reader)
{
	enum result result = end_text(reader);

	if (result == RESULT_OK && !reader->is_past_marks)
		result = give_back(reader);
	return result == RESULT_OK ? reader->format->finish(reader->reading) : result;
}

void list_reader_close(struct list_reader *reader)
{
	if (reader == NULL)
		return;
	reader->format->close(reader->reading);
	free(reader);
}
