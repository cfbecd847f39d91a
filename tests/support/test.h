#ifndef ROLLCALL_TESTS_SUPPORT_TEST_H
#define ROLLCALL_TESTS_SUPPORT_TEST_H

/*
 * A test is a block behind TEST(name): it registers itself before main(), which test.c has, so that
 * no test is listed twice or forgotten. Tests run in the order of the file.
 */

/* What cmocka.h wants included before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Adds a test to those of this program. All of it is borrowed for ever. What `set_up` finds in its
 * state is `initial`; it and `tear_down` may be NULL. */
void test_register(const char *name, CMUnitTestFunction test, CMFixtureFunction set_up,
	CMFixtureFunction tear_down, void *initial);

#define TEST_REGISTERED(name, function, set_up, tear_down, initial)                                \
	__attribute__((constructor)) static void register_##name(void)                             \
	{                                                                                          \
		test_register(#name, function, set_up, tear_down, initial);                        \
	}

/* A test that needs nothing. */
#define TEST(name) TEST_WITH(NULL, NULL, name)

/* One with a set-up before it and a tear-down behind it, or NULL; what the set-up left is `*state`.
 */
#define TEST_WITH(set_up, tear_down, name)                                                         \
	static void test_##name(void **state);                                                     \
	TEST_REGISTERED(name, test_##name, set_up, tear_down, NULL)                                \
	static void test_##name(__attribute__((unused)) void **state)

/* A test whose body gets what its set-up left in the state, as a pointer of that type and name. */
#define TEST_GIVEN(type, argument, set_up, tear_down, initial, name)                               \
	static void test_##name(type *argument);                                                   \
	static void run_##name(void **state)                                                       \
	{                                                                                          \
		test_##name(*state);                                                               \
	}                                                                                          \
	TEST_REGISTERED(name, run_##name, set_up, tear_down, initial)                              \
	static void test_##name(__attribute__((unused)) type *argument)

/* One in a file that has a `struct fixture`, which its set_up() makes and its tear_down() takes
 * away. */
#define FIXTURE_TEST(name) TEST_GIVEN(struct fixture, fixture, set_up, tear_down, NULL, name)

/* Ends a child that a test has forked, as _exit() does. What it ran counts for script/test
 * --coverage, too. */
_Noreturn void test_leave(int status);

/* Skips the test that runs it. script/test repeats the reason. */
#define skip_because(reason)                                                                       \
	do {                                                                                       \
		print_message("skipped: %s\n", reason);                                            \
		skip();                                                                            \
	} while (0)

#endif
