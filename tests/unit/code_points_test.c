#include "store/code_points.h"

#include <string.h>

#include "cmocka_all.h"

#define MOST 8

static const utf8proc_option_t composed = UTF8PROC_STABLE | UTF8PROC_COMPOSE;

static utf8proc_ssize_t normalize(const char *text, utf8proc_int32_t points[static MOST])
{
	return code_points_normalize(text, strlen(text), points, MOST, composed);
}

static void test_normalizing(void **state)
{
	utf8proc_int32_t points[MOST];

	(void)state;
	assert_int_equal(normalize("", points), 0);
	assert_int_equal(normalize("Zoe\u0308", points), 3);
	assert_int_equal(points[0], 'Z');
	assert_int_equal(points[2], 0xeb);
	assert_int_equal(normalize("\U00020000", points), 1);
	assert_int_equal(points[0], 0x20000);
}

static void test_what_cannot_be_normalized(void **state)
{
	utf8proc_int32_t points[MOST];

	(void)state;
	assert_true(normalize("a\xff", points) < 0);
	assert_true(normalize("nine char", points) > MOST);
}

/* One of each length in UTF-8. */
static void test_encoding(void **state)
{
	static const utf8proc_int32_t points[] = {'z', 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000};
	static const char wanted[] =
		"z\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80";
	char text[sizeof(wanted)];
	size_t length;

	(void)state;
	assert_true(code_points_encode(points, 7, text, sizeof(wanted) - 1, &length));
	assert_int_equal(length, sizeof(wanted) - 1);
	assert_memory_equal(text, wanted, length);
	for (size_t size = 0; size < sizeof(wanted) - 1; size++)
		assert_false(code_points_encode(points, 7, text, size, &length));
	assert_true(code_points_encode(points, 0, text, 0, &length));
	assert_int_equal(length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normalizing),
		cmocka_unit_test(test_what_cannot_be_normalized),
		cmocka_unit_test(test_encoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
