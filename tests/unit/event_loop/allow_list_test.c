#include "event_loop/allow_list.h"

#include <stddef.h>

#include "support/test.h"

TEST(no_list_has_them_all)
{
	assert_true(allow_list_has(NULL, "192.0.2.1"));
	assert_true(allow_list_has(NULL, "2001:db8::1"));
}

TEST(only_who_is_listed)
{
	static const char list[] = "127.0.0.1,192.0.2.7, 2001:db8::1";

	assert_true(allow_list_has(list, "127.0.0.1"));
	assert_true(allow_list_has(list, "192.0.2.7"));
	assert_true(allow_list_has(list, "2001:db8::1"));
	assert_false(allow_list_has(list, "192.0.2.70"));
	assert_false(allow_list_has(list, "192.0.2.1"));
	assert_false(allow_list_has(list, "2001:db8::"));
	assert_false(allow_list_has(list, ""));
	assert_false(allow_list_has("", "127.0.0.1"));
	assert_false(allow_list_has(",", "127.0.0.1"));
	assert_false(allow_list_has("nonsense", "127.0.0.1"));
}

TEST(other_spellings)
{
	assert_true(allow_list_has("2001:0DB8:0::0001", "2001:db8::1"));
	assert_true(allow_list_has("127.0.0.1", "::ffff:127.0.0.1"));
	assert_true(allow_list_has("::ffff:127.0.0.1", "127.0.0.1"));
}
