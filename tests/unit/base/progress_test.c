#include "base/progress.h"

#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

static int64_t now;

static int64_t clock_of_test(void)
{
	return now;
}

struct fixture {
	struct progress progress;
	FILE *out;
	char *text;
	size_t length;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	now = 5000;
	fixture->out = open_memstream(&fixture->text, &fixture->length);
	assert_non_null(fixture->out);
	progress_begin_on(&fixture->progress, fixture->out, clock_of_test, "reading", 200);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fclose(fixture->out), 0);
	free(fixture->text);
	free(fixture);
	return 0;
}

/* All that was written, from the beginning. */
static void expect(struct fixture *fixture, const char *text)
{
	assert_int_equal(fflush(fixture->out), 0);
	assert_string_equal(fixture->text, text);
}

static void test_what_is_quick_says_nothing(void **state)
{
	struct fixture *fixture = *state;

	progress_step(&fixture->progress, 10);
	now += 999;
	progress_step(&fixture->progress, 199);
	progress_end(&fixture->progress);
	expect(fixture, "");
}

static void test_from_one_second_on(void **state)
{
	struct fixture *fixture = *state;

	now += 1000;
	progress_step(&fixture->progress, 50);
	expect(fixture, "\rreading:  25 %");
	now += 199;
	progress_step(&fixture->progress, 60);
	expect(fixture, "\rreading:  25 %");
	now += 1;
	progress_step(&fixture->progress, 70);
	expect(fixture, "\rreading:  25 %\rreading:  35 %");
	progress_end(&fixture->progress);
	expect(fixture, "\rreading:  25 %\rreading:  35 %\r\033[K");
}

/* A file that grows meanwhile, and one that is empty. */
static void test_never_more_than_all(void **state)
{
	struct fixture *fixture = *state;

	now += 1000;
	progress_step(&fixture->progress, 999);
	expect(fixture, "\rreading: 100 %");
	progress_begin_on(&fixture->progress, fixture->out, clock_of_test, "reading", 0);
	now += 1000;
	progress_step(&fixture->progress, 0);
	expect(fixture, "\rreading: 100 %\rreading: 100 %");
}

static void test_nobody_to_tell(void **state)
{
	struct fixture *fixture = *state;

	progress_begin_on(&fixture->progress, NULL, clock_of_test, "reading", 200);
	now += 5000;
	progress_step(&fixture->progress, 100);
	progress_end(&fixture->progress);
	expect(fixture, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown((name), set_up, tear_down)

static char told[64];

static void tell(uint64_t done, uint64_t total)
{
	snprintf(told, sizeof(told), "%d/%d", (int)done, (int)total);
}

static void expect_told(struct progress *progress, uint64_t done, const char *expected)
{
	*told = '\0';
	progress_step(progress, done);
	assert_string_equal(told, expected);
}

/* At once, then every second, and with no more than it was given. */
static void test_a_program_is_told(void **state)
{
	struct progress progress;

	(void)state;
	now = 5000;
	progress_begin_telling(&progress, tell, clock_of_test, 200);
	expect_told(&progress, 10, "10/200");
	expect_told(&progress, 20, "");
	now += 999;
	expect_told(&progress, 30, "");
	now++;
	expect_told(&progress, 300, "300/200");
	now += 1000;
	progress_end(&progress);
	expect_told(&progress, 301, "301/200");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_quick_says_nothing),
		TEST(test_from_one_second_on),
		TEST(test_never_more_than_all),
		TEST(test_nobody_to_tell),
		cmocka_unit_test(test_a_program_is_told),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
