#include "base/progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

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

/* Where standard error is this, what says something? */
static FILE *find_out(const char *path)
{
	struct progress progress = {0};
	int file = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC), kept = dup(STDERR_FILENO);

	assert_true(file >= 0 && kept >= 0);
	assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
	progress_begin(&progress, "reading", 200);
	assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
	close(kept);
	close(file);
	return progress.out;
}

TEST(it_is_said_on_a_terminal_alone)
{
	assert_ptr_equal(find_out("/dev/ptmx"), stderr);
	assert_null(find_out("/dev/null"));
}

FIXTURE_TEST(what_is_quick_says_nothing)
{
	progress_step(&fixture->progress, 10);
	now += 999;
	progress_step(&fixture->progress, 199);
	progress_end(&fixture->progress);
	expect(fixture, "");
}

FIXTURE_TEST(from_one_second_on)
{
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
	progress_end(&fixture->progress); /* and what is wiped stays so */
	expect(fixture, "\rreading:  25 %\rreading:  35 %\r\033[K");
}

/* A file that grows meanwhile, and one that is empty. */
FIXTURE_TEST(never_more_than_all)
{
	now += 1000;
	progress_step(&fixture->progress, 999);
	expect(fixture, "\rreading: 100 %");
	progress_begin_on(&fixture->progress, fixture->out, clock_of_test, "reading", 0);
	now += 1000;
	progress_step(&fixture->progress, 0);
	expect(fixture, "\rreading: 100 %\rreading: 100 %");
}

FIXTURE_TEST(nobody_to_tell)
{
	progress_begin_on(&fixture->progress, NULL, clock_of_test, "reading", 200);
	now += 5000;
	progress_step(&fixture->progress, 100);
	progress_end(&fixture->progress);
	expect(fixture, "");
}

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
TEST(a_program_is_told)
{
	struct progress progress;

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
