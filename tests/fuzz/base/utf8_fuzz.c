/*
 * UTF-8 as libunistring has it: the same texts are valid, with the same characters. What is decoded
 * is encoded as it was, and what does not fit is cut between two characters.
 */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "fuzz/fuzz.h"

#define POINTS 4096

/* Returns how many characters there are before the first byte that is none. */
static size_t decode_text(const char *text, size_t length, int32_t points[static POINTS])
{
	size_t count = 0;

	for (size_t i = 0, step; i < length && count < POINTS; i += step, count++) {
		ucs4_t expected = 0;
		int taken = u8_mbtoucr(&expected, (const uint8_t *)text + i, length - i);
		step = utf8_decode(text + i, length - i, &points[count]);
		must(step == (taken > 0 ? (size_t)taken : 0));
		if (step == 0)
			return count;
		must((ucs4_t)points[count] == expected);
		must(utf8_is_control(points[count]) ==
			(expected < 0x20 || (expected >= 0x7f && expected <= 0x9f)));
	}
	return count;
}

static void check_encoded(const char *text, const int32_t *points, size_t count, size_t size)
{
	char *encoded = malloc(size);
	size_t length, whole;

	must(encoded != NULL || size == 0);
	bool fits = utf8_encode(points, count, encoded, size, &length);
	must(length <= size && (length == 0 || memcmp(encoded, text, length) == 0));
	must(utf8_is_valid(encoded, length));
	whole = (size_t)u8_strmblen((const uint8_t *)text + length);
	if (!fits)
		must(whole > size - length);
	free(encoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static int32_t points[POINTS];
	struct fuzz_input input = {bytes, length};
	size_t size = fuzz_take_below(&input, 256), rest;
	const char *from = fuzz_rest(&input, &rest);
	char *text = fuzz_copy(from, rest), *terminated = fuzz_string(from, rest);
	size_t count = decode_text(text, rest, points);
	bool is_ascii = true;

	for (size_t i = 0; i < rest; i++)
		is_ascii &= (text[i] & 0x80) == 0;
	must(utf8_is_ascii(text, rest) == is_ascii);
	must(utf8_is_valid(text, rest) == (u8_check((const uint8_t *)text, rest) == NULL));
	if (count < POINTS && strlen(terminated) == rest && utf8_is_valid(text, rest)) {
		check_encoded(terminated, points, count, size);
		check_encoded(terminated, points, count, rest);
	}
	free(text);
	free(terminated);
	return 0;
}
