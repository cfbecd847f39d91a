/* The main() of every program of tests: runs what registered itself. */
#include "test.h"

#include <stdlib.h>

#define MOST 128

static struct CMUnitTest tests[MOST];
static size_t count;

void test_register(const char *name, CMUnitTestFunction test, CMFixtureFunction set_up,
	CMFixtureFunction tear_down, void *initial)
{
	if (count == MOST)
		abort();
	tests[count++] = (struct CMUnitTest){.name = name,
		.test_func = test,
		.setup_func = set_up,
		.teardown_func = tear_down,
		.initial_state = initial};
}

int main(void)
{
	/* As cmocka_run_group_tests() does, which wants an array. */
	return _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
}
