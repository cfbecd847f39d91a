#include "http/meta_variable.h"

#include <stddef.h>

#include "support/test.h"

static void expect(char *const *strings, const char *name, const char *value)
{
	struct meta_variable list[8];
	struct arena arena = {0};

	meta_variables_from(strings, list);
	const char *found = meta_variable(list, name, &arena);

	if (value == NULL)
		assert_null(found);
	else
		assert_string_equal(found, value);
	arena_end(&arena);
}

TEST(one)
{
	char *const list[] = {
		"PATH_INFO=/a=b", "HTTP_HOST=a.test", "HTTP_HOSTS=x", "EMPTY=", "HTTP_X", "", NULL};
	char *const none[] = {NULL};

	expect(list, "PATH_INFO", "/a=b");
	expect(list, "HTTP_HOST", "a.test");
	expect(list, "EMPTY", "");
	expect(list, "PATH", NULL);
	expect(list, "HTTP_HOS", NULL);
	expect(list, "HTTP_X", NULL);
	expect(none, "HTTP_X", NULL);
}

/* It needs no memory, and is not copied. */
TEST(one_is_borrowed)
{
	char *const strings[] = {"HTTP_ACCEPT=a/b", NULL};
	struct meta_variable list[2];
	struct arena arena = {0};

	meta_variables_from(strings, list);
	assert_ptr_equal(meta_variable(list, "HTTP_ACCEPT", &arena), strings[0] + 12);
	assert_null(arena.blocks);
}

TEST(lines_of_one_field)
{
	char *const list[] = {"HTTP_ACCEPT=text/plain", "HTTP_ACCEPTED=x", "HTTP_ACCEPT=", "A=b",
		"HTTP_ACCEPT=application/json", NULL};
	char *const empty[] = {"HTTP_A=", "HTTP_A=b", "HTTP_B=", "HTTP_B=", NULL};

	expect(list, "HTTP_ACCEPT", "text/plain, , application/json");
	expect(list, "HTTP_ACCEPTED", "x");
	expect(empty, "HTTP_A", "b");
	expect(empty, "HTTP_B", "");
}

/* The other variables are the web server's, which says each once. */
TEST(the_first_of_others)
{
	char *const list[] = {
		"CONTENT_TYPE=a/b", "CONTENT_TYPE=c/d", "HTTPS=on", "HTTPS=off", NULL};

	expect(list, "CONTENT_TYPE", "a/b");
	expect(list, "HTTPS", "on");
}
