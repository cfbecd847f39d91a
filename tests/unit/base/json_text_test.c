#include "base/json_text.h"

#include <string.h>

#include "support/test.h"

static void expect_written(json_t *value, const char *expected)
{
	struct buffer out = {0};

	json_text_write(&out, value);
	assert_false(out.failed);
	assert_int_equal(out.length, strlen(expected));
	assert_memory_equal(out.bytes, expected, out.length);
	buffer_free(&out);
}

TEST(written_compactly_and_as_it_is)
{
	expect_written(json_pack("{s:I,s:[s,b]}", "b", (json_int_t)999999999999999999, "a",
			       "Zo\u00eb \U0001f600 </script>", 1),
		"{\"b\":999999999999999999,\"a\":[\"Zo\u00eb \U0001f600 </script>\",true]}");
	expect_written(json_string("\"\\\n\x01"), "\"\\\"\\\\\\n\\u0001\"");
}

/* Each byte there is, alone and between others. */
TEST(a_string_is_as_the_library_has_it)
{
	for (int c = 0; c < 128; c++) {
		const char text[] = {(char)c, 'a', 'b', (char)c, (char)c, '\xc3', '\xab', (char)c};
		for (size_t length = 0; length <= sizeof(text); length++) {
			struct buffer theirs = {0}, ours = {0};
			if (length == 6)
				continue; /* half a character */
			json_text_write(&theirs, json_stringn(text, length));
			json_text_string(&ours, text, length);
			assert_false(theirs.failed || ours.failed);
			assert_int_equal(ours.length, theirs.length);
			assert_memory_equal(ours.bytes, theirs.bytes, theirs.length);
			buffer_free(&theirs);
			buffer_free(&ours);
		}
	}
}

TEST(what_could_not_be_built)
{
	struct buffer out = {0};

	json_text_write(&out, NULL);
	assert_true(out.failed);
	buffer_free(&out);
}
