#include "support/unit/wall_clock.h"

#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static bool is_set;
static int64_t standing;

void wall_clock_set(int64_t milliseconds)
{
	is_set = true;
	standing = milliseconds;
}

void wall_clock_reset(void)
{
	is_set = false;
}

/* In place of the library's. The thread of the log asks for another clock, while a test sets this
 * one. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
	if (clock != CLOCK_REALTIME || !is_set)
		return (int)syscall(SYS_clock_gettime, clock, time);
	*time = (struct timespec){
		.tv_sec = standing / 1000, .tv_nsec = (long)(standing % 1000) * 1000000};
	return 0;
}
