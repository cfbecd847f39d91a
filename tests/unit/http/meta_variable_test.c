#include "http/meta_variable.h"

#include <stddef.h>

#include "cmocka_all.h"

static void expect(char *const *list, const char *name, const char *value)
{
	struct arena arena = {0};
	const char *found = meta_variable(list, name, &arena);

	if (value == NULL)
		assert_null(found);
	else
		assert_string_equal(found, value);
	arena_end(&arena);
}

static void test_one(void **state)
{
	char *const list[] = {
		"PATH_INFO=/a=b", "HTTP_HOST=a.test", "HTTP_HOSTS=x", "EMPTY=", "HTTP_X", "", NULL};
	char *const none[] = {NULL};

	(void)state;
	expect(list, "PATH_INFO", "/a=b");
	expect(list, "HTTP_HOST", "a.test");
	expect(list, "EMPTY", "");
	expect(list, "PATH", NULL);
	expect(list, "HTTP_HOS", NULL);
	expect(list, "HTTP_X", NULL);
	expect(none, "HTTP_X", NULL);
}

/* It needs no memory, and is not copied. */
static void test_one_is_borrowed(void **state)
{
	char *const list[] = {"HTTP_ACCEPT=a/b", NULL};
	struct arena arena = {0};

	(void)state;
	assert_ptr_equal(meta_variable(list, "HTTP_ACCEPT", &arena), list[0] + 12);
	assert_null(arena.blocks);
}

static void test_lines_of_one_field(void **state)
{
	char *const list[] = {"HTTP_ACCEPT=text/plain", "HTTP_ACCEPTED=x", "HTTP_ACCEPT=", "A=b",
		"HTTP_ACCEPT=application/json", NULL};
	char *const empty[] = {"HTTP_A=", "HTTP_A=b", "HTTP_B=", "HTTP_B=", NULL};

	(void)state;
	expect(list, "HTTP_ACCEPT", "text/plain, , application/json");
	expect(list, "HTTP_ACCEPTED", "x");
	expect(empty, "HTTP_A", "b");
	expect(empty, "HTTP_B", "");
}

/* The other variables are the web server's, which says each once. */
static void test_the_first_of_others(void **state)
{
	char *const list[] = {
		"CONTENT_TYPE=a/b", "CONTENT_TYPE=c/d", "HTTPS=on", "HTTPS=off", NULL};

	(void)state;
	expect(list, "CONTENT_TYPE", "a/b");
	expect(list, "HTTPS", "on");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_one_is_borrowed),
		cmocka_unit_test(test_lines_of_one_field),
		cmocka_unit_test(test_the_first_of_others),
	};

	return cmocka_run_group_tests_name("meta_variable", tests, NULL, NULL);
}
