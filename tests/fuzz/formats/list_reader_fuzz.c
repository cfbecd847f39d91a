/*
 * A list is the same list in UTF-8 and in UTF-16 of either order of bytes, with a byte order mark
 * and without: what the readers of formats get of it does not differ.
 */
#include "formats/list_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fuzz/fuzz.h"

static struct buffer *received;

static void *open_received(const struct entry_visitor *visitor)
{
	(void)visitor;
	return received;
}

static enum result feed_received(void *reading, const char *bytes, size_t length)
{
	buffer_append(reading, bytes, length);
	return RESULT_OK;
}

static enum result finish_received(void *reading)
{
	(void)reading;
	return RESULT_OK;
}

static void close_received(void *reading)
{
	(void)reading;
}

/* A format that keeps what it gets. */
static const struct format plain = {.name = "plain",
	.open = open_received,
	.feed = feed_received,
	.finish = finish_received,
	.close = close_received};

static struct buffer receive(const struct buffer *list, size_t piece)
{
	static const struct entry_visitor nobody = {NULL, NULL, NULL};
	struct buffer text = {0};

	received = &text;
	struct list_reader *reader = list_reader_open(&plain, &nobody);
	for (size_t i = 0; i < list->length; i += piece) {
		size_t step = list->length - i < piece ? list->length - i : piece;
		char *chunk = fuzz_copy(list->bytes + i, step);
		must(list_reader_feed(reader, chunk, step) == RESULT_OK);
		free(chunk);
	}
	must(list_reader_finish(reader) == RESULT_OK && !text.failed);
	list_reader_close(reader);
	return text;
}

static void put_unit(struct buffer *out, unsigned unit, bool is_little)
{
	const char bytes[2] = {
		(char)(is_little ? unit : unit >> 8), (char)(is_little ? unit >> 8 : unit)};

	buffer_append(out, bytes, sizeof(bytes));
}

static struct buffer to_utf16(const char *text, size_t length, bool is_little)
{
	struct buffer out = {0};
	int32_t point;

	put_unit(&out, 0xfeff, is_little);
	for (size_t i = 0; i < length;) {
		i += utf8_decode(text + i, length - i, &point);
		if (point >= 0x10000)
			put_unit(&out, 0xd800 + (unsigned)((point - 0x10000) >> 10), is_little);
		put_unit(&out,
			point < 0x10000 ? (unsigned)point
					: 0xdc00 + (unsigned)((point - 0x10000) & 0x3ff),
			is_little);
	}
	must(!out.failed);
	return out;
}

static void must_be_received(
	const struct buffer *list, size_t piece, const char *text, size_t length)
{
	struct buffer got = receive(list, piece);

	must(got.length == length && (length == 0 || memcmp(got.bytes, text, length) == 0));
	buffer_free(&got);
}

static void check_encodings(const char *text, size_t length, size_t piece)
{
	struct buffer plain_text = {0}, marked = {0};

	buffer_append(&plain_text, text, length);
	buffer_string(&marked, "\ufeff");
	buffer_append(&marked, text, length);
	must_be_received(&plain_text, piece, text, length);
	must_be_received(&marked, piece, text, length);
	for (int little = 0; little < 2; little++) {
		struct buffer units = to_utf16(text, length, little == 1);
		must_be_received(&units, piece, text, length);
		buffer_free(&units);
	}
	buffer_free(&plain_text);
	buffer_free(&marked);
}

/* Marks before a list are skipped, so none of its own is one. */
static bool has_mark(const char *text, size_t length)
{
	return length >= 3 && memcmp(text, "\ufeff", 3) == 0;
}

/* Bytes of any kind, in pieces or whole. What comes of UTF-16 is UTF-8, whatever it was. */
static void check_any(const char *bytes, size_t length, size_t piece)
{
	struct buffer list = {0};
	bool is_utf16 = length >= 2 &&
			(memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);

	buffer_append(&list, bytes, length);
	struct buffer whole = receive(&list, length + 1);
	must_be_received(&list, piece, whole.bytes, whole.length);
	must_be_received(&list, 1, whole.bytes, whole.length);
	if (is_utf16) {
		must(utf8_is_valid(whole.bytes, whole.length));
	} else {
		for (; has_mark(bytes, length); length -= 3)
			bytes += 3;
		must(whole.length == length);
		must(length == 0 || memcmp(whole.bytes, bytes, length) == 0);
	}
	buffer_free(&whole);
	buffer_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t piece = 1 + fuzz_take_below(&input, 64), rest;
	const char *from = fuzz_rest(&input, &rest);

	if (utf8_is_valid(from, rest) && !has_mark(from, rest))
		check_encodings(from, rest, piece);
	check_any(from, rest, piece);
	return 0;
}
