#include "base/random.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/random.h>

#include "base/timestamp.h"
#include "support/test.h"

static bool is_too_early;

ssize_t __real_getrandom(void *bytes, size_t length, unsigned flags);
ssize_t __wrap_getrandom(void *bytes, size_t length, unsigned flags);

ssize_t __wrap_getrandom(void *bytes, size_t length, unsigned flags)
{
	assert_int_equal(flags & GRND_NONBLOCK, GRND_NONBLOCK);
	if (!is_too_early)
		return __real_getrandom(bytes, length, flags);
	errno = EAGAIN;
	return -1;
}

TEST(numbers_differ)
{
	is_too_early = false;
	assert_true(random_number() != random_number());
}

TEST(the_clock_stands_in)
{
	uint64_t before = (uint64_t)timestamp_now();

	is_too_early = true;
	uint64_t number = random_number();
	assert_true(number >= before && number <= (uint64_t)timestamp_now());
}
