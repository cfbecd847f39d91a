#include "base/reason.h"

#include <errno.h>
#include <string.h>

#include "support/test.h"

TEST(a_reason_replaces_the_one_before)
{
	struct reason reason;

	reason_set(&reason, "line %d", 12);
	assert_string_equal(reason.text, "line 12");
	assert_int_equal(reason_fail(&reason, RESULT_BUSY, "%s", "in use"), RESULT_BUSY);
	assert_string_equal(reason.text, "in use");
}

TEST(errno_stands_behind_the_reason_and_stays)
{
	struct reason reason;

	errno = ENOSPC;
	assert_int_equal(reason_fail_errno(&reason, "cannot write %s", "it"), RESULT_SYSTEM);
	assert_string_equal(reason.text, "cannot write it: No space left on device");
	assert_int_equal(errno, ENOSPC);
}

/* To find no words for it is an error of its own. */
TEST(an_errno_without_words)
{
	struct reason reason;

	errno = 99999;
	assert_int_equal(reason_fail_errno(&reason, "no"), RESULT_SYSTEM);
	assert_string_equal(reason.text, "no: Unknown error 99999");
	assert_int_equal(errno, 99999);
}

TEST(a_reason_that_is_too_long_is_cut_off)
{
	struct reason reason;

	errno = ENOSPC;
	reason_fail_errno(&reason, "%0511d", 0);
	assert_int_equal(strlen(reason.text), 511);
	assert_int_equal(strspn(reason.text, "0"), 511);
	reason_set(&reason, "%0600d", 0);
	assert_int_equal(strlen(reason.text), 511);
}
