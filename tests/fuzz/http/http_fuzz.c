/*
 * Entity tags in If-None-Match, by weak comparison (RFC 9110, section 13.1.2): a list that is made
 * up of tags names just those; a weak tag is the same as a strong one; a text of any kind names
 * only what it holds, and names no less with a tag of another one before it. Beside that, which
 * bytes a field value may have.
 */
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "fuzz/fuzz.h"

#define TAGS     4
#define TAG_SIZE 8

static const char *const opaque[TAGS] = {"\"\"", "\"a\"", "\"a,b\"", "\"W/\""};

/* The opaque tags with a comma, or none, look like more than they are. */
static void check_made(struct fuzz_input *input)
{
	static const char *const separators[] = {",", ", ", " ,\t", ",,", ", , "};
	struct buffer list = {0};
	bool is_named[TAGS] = {false};
	size_t count = 1 + fuzz_take_below(input, 5);

	for (size_t i = 0; i < count; i++) {
		size_t tag = fuzz_take_below(input, TAGS);
		if (i > 0)
			buffer_string(&list, separators[fuzz_take_below(input, 5)]);
		if (fuzz_take_below(input, 2) == 1)
			buffer_string(&list, "W/");
		buffer_string(&list, opaque[tag]);
		is_named[tag] = true;
	}
	buffer_append(&list, "", 1);
	must(!list.failed);
	for (size_t i = 0; i < TAGS; i++)
		must(http_etag_matches(list.bytes, opaque[i]) == is_named[i]);
	buffer_free(&list);
}

/* What a text names, it still names behind another tag; unless it is a star, which stands alone. */
static void check_behind_another(const char *text, const char *tag, bool is_named)
{
	struct buffer list = {0};

	buffer_string(&list, "\"another\", ");
	buffer_string(&list, text);
	buffer_append(&list, "", 1);
	must(!list.failed);
	if (*http_skip_blank(text) != '*')
		must(http_etag_matches(list.bytes, tag) == is_named);
	else
		must(!http_etag_matches(list.bytes, tag));
	buffer_free(&list);
}

static void check_text(const char *text)
{
	for (size_t i = 0; i < TAGS; i++) {
		char weak[TAG_SIZE + 2] = "W/";
		bool is_named = http_etag_matches(text, opaque[i]);

		strcat(weak, opaque[i]);
		must(http_etag_matches(text, weak) == is_named);
		must(!is_named || strstr(text, opaque[i]) != NULL || *http_skip_blank(text) == '*');
		check_behind_another(text, opaque[i], is_named);
	}
	const char *star = http_skip_blank(text);
	if (*star == '*')
		must(http_etag_matches(text, opaque[0]) == (*http_skip_blank(star + 1) == '\0'));
	must(!http_etag_matches(NULL, opaque[0]));
}

static void check_value(const char *text, size_t length)
{
	bool is_value = true;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		is_value &= (byte >= ' ' || byte == '\t') && byte != 127;
	}
	must(http_is_value(text, length) == is_value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	size_t rest;

	for (bool is_made = fuzz_is_made(&input); is_made && input.length > 0;)
		check_made(&input);
	const char *from = fuzz_rest(&input, &rest);
	char *text = fuzz_copy(from, rest), *terminated = fuzz_string(from, rest);
	check_value(text, rest);
	check_text(terminated);
	free(text);
	free(terminated);
	return 0;
}
