#include "sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define DATA "/var/lib/rollcall"

/* Before each test and behind it: no service of systemd. */
static int forget_service(void **state)
{
	(void)state;
	return unsetenv("INVOCATION_ID") != 0 || unsetenv("STATE_DIRECTORY") != 0;
}

static void be_service(const char *state_directory)
{
	assert_int_equal(setenv("INVOCATION_ID", "0123456789abcdef0123456789abcdef", 1), 0);
	assert_int_equal(setenv("STATE_DIRECTORY", state_directory, 1), 0);
}

static void expect_hint(const char *directory, int error, const char *expected)
{
	char *hint = sandbox_hint(directory, error);

	assert_string_equal(hint, expected);
	free(hint);
}

TEST_WITH(forget_service, forget_service, what_no_unit_has_started_gets_no_hint)
{
	expect_hint(DATA, EROFS, "");
	expect_hint("/home/data", EACCES, "");
}

TEST_WITH(forget_service, forget_service, a_directory_that_the_unit_does_not_know)
{
	be_service(DATA);
	expect_hint("/srv/rollcall", EROFS,
		"; a drop-in for its unit with ReadWritePaths=/srv/rollcall lets it write "
		"there (see SYSTEMD in rollcall(8))");
	expect_hint("/home/data", EACCES, "; ProtectHome= of its unit hides what is in /home/");
	expect_hint("/srv/rollcall", EACCES, "");
}

TEST_WITH(forget_service, forget_service, the_directory_of_the_unit_needs_no_drop_in)
{
	be_service(DATA);
	expect_hint(DATA, EROFS,
		"; its unit lets it write there: the disk is mounted read-only, or a link leads "
		"elsewhere");
	expect_hint(DATA, EACCES, "");
}
