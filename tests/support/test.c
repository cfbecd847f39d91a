/* The main() of every program of tests: runs the tests that registered themselves. */
#include "support/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Twice as many as the longest file has. */
#define MOST 128

static struct CMUnitTest tests[MOST];
static size_t count;

void test_register(const char *name, CMUnitTestFunction test, CMFixtureFunction set_up,
	CMFixtureFunction tear_down, void *initial)
{
	if (count == MOST) {
		fprintf(stderr, "test.c: more than %d tests in one program: raise MOST\n", MOST);
		abort();
	}
	tests[count++] = (struct CMUnitTest){.name = name,
		.test_func = test,
		.setup_func = set_up,
		.teardown_func = tear_down,
		.initial_state = initial};
}

#ifdef TEST_COVERAGE
void __gcov_dump(void); /* libgcov's: writes the counts, as exit() does */
#endif

void test_leave(int status)
{
#ifdef TEST_COVERAGE
	__gcov_dump();
#endif
	_exit(status);
}

int main(void)
{
	/* What cmocka_run_group_tests() expands to; that macro itself wants an array's length. */
	return _cmocka_run_group_tests(program_invocation_short_name, tests, count, NULL, NULL);
}
