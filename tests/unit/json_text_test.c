#include "json_text.h"

#include <string.h>

#include "cmocka_all.h"

static void expect_written(json_t *value, const char *expected)
{
	struct buffer out = {0};

	json_text_write(&out, value);
	assert_false(out.failed);
	assert_int_equal(out.length, strlen(expected));
	assert_memory_equal(out.bytes, expected, out.length);
	buffer_free(&out);
}

static void test_written_compactly_and_as_it_is(void **state)
{
	(void)state;
	expect_written(json_pack("{s:I,s:[s,b]}", "b", (json_int_t)999999999999999999, "a",
			       "Zo\u00eb \U0001f600 </script>", 1),
		"{\"b\":999999999999999999,\"a\":[\"Zo\u00eb \U0001f600 </script>\",true]}");
	expect_written(json_string("\"\\\n\x01"), "\"\\\"\\\\\\n\\u0001\"");
}

/* Each byte there is, alone and between others. */
static void test_a_string_is_as_the_library_has_it(void **state)
{
	(void)state;
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

static void test_what_could_not_be_built(void **state)
{
	struct buffer out = {0};

	(void)state;
	json_text_write(&out, NULL);
	assert_true(out.failed);
	buffer_free(&out);
}

static void expect_read(const char *text, size_t length, const char *expected)
{
	const char *reason = "untouched";
	json_t *value = json_text_read(text, length, &reason);

	if (value == NULL)
		fail_msg("%s: %s", text, reason);
	assert_string_equal(reason, "untouched");
	expect_written(value, expected);
}

static void test_read(void **state)
{
	static const char nul[] = "{\"a\":\"\\u0000\"}";

	(void)state;
	expect_read(" [1, \"x\"]\r\n", 11, "[1.0,\"x\"]");
	expect_read("\"x\"", 3, "\"x\"");
	expect_read("null", 4, "null");
	expect_read("123456789012345678901234567890", 30, "1.2345678901234568e29");
	expect_read(nul, sizeof(nul) - 1, nul);
	expect_read("[]]", 2, "[]"); /* its length is what was given */
}

static void expect_refused(const char *text, size_t length, const char *expected)
{
	const char *reason = "untouched";

	assert_null(json_text_read(text, length, &reason));
	assert_string_equal(reason, expected);
}

static void test_not_read(void **state)
{
	(void)state;
	expect_refused("", 0, "the value is not complete");
	expect_refused(" ", 1, "the value is not complete");
	expect_refused("{\"a\":1", 6, "the value is not complete");
	expect_refused("{} {}", 5, "something follows the value");
	expect_refused("{\"a\":1,\"\\u0061\":1}", 18, "a member that is there twice");
	expect_refused("\"\xff\"", 3, "not UTF-8");
	expect_refused("\"\xed\xa0\x80\"", 5, "not UTF-8");
	expect_refused("1e999", 5, "a number that is too large");
	expect_refused("{'a':1}", 7, "not JSON");
	expect_refused("NaN", 3, "not JSON");
	expect_refused("[1]\0", 4, "something follows the value");
	expect_refused("\"a\0b\"", 5, "not JSON");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_compactly_and_as_it_is),
		cmocka_unit_test(test_a_string_is_as_the_library_has_it),
		cmocka_unit_test(test_what_could_not_be_built),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_not_read),
	};

	return cmocka_run_group_tests_name("json_text", tests, NULL, NULL);
}
