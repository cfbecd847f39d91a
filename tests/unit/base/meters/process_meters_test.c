/* What the kernel says of this process, beside what it says to others that ask at the same time. */
#include "base/meters/process_meters.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"
#include "support/unit/wall_clock.h"

#define SECOND UINT64_C(1000000000)

/* As before Linux 6.2, where a directory of /proc has no size. */
static bool is_old;

int __real_stat(const char *path, struct stat *status);
int __wrap_stat(const char *path, struct stat *status);

int __wrap_stat(const char *path, struct stat *status)
{
	int result = __real_stat(path, status);

	if (is_old)
		status->st_size = 0;
	return result;
}

/* Descriptors may be without a limit in another system. */
static bool is_unlimited;

int __real_getrlimit(__rlimit_resource_t resource, struct rlimit *limit);
int __wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit);

int __wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	int result = __real_getrlimit(resource, limit);

	if (is_unlimited)
		limit->rlim_cur = RLIM_INFINITY;
	return result;
}

static uint64_t read_clock(clockid_t clock)
{
	struct timespec now;

	assert_int_equal(clock_gettime(clock, &now), 0);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

static struct process_meters read_now(void)
{
	struct process_meters process;

	process_meters_read(&process);
	return process;
}

/* It is reckoned once, so this is the first test. */
TEST(start)
{
	unsigned long long ticks;
	char stat[1024];

	assert_int_equal(prctl(PR_SET_NAME, "a) (b c"), 0);
	FILE *file = fopen("/proc/self/stat", "re");
	assert_non_null(file);
	assert_non_null(fgets(stat, sizeof(stat), file));
	fclose(file);
	assert_int_equal(sscanf(strrchr(stat, ')'),
				 ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
				 "%*d %*d %*d %*d %llu",
				 &ticks),
		1);
	uint64_t begun = ticks * (SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
	uint64_t now = 1796493600 * SECOND;
	wall_clock_set((int64_t)(now / 1000000));
	uint64_t before = read_clock(CLOCK_BOOTTIME);
	uint64_t start = read_now().start;
	uint64_t after = read_clock(CLOCK_BOOTTIME);
	wall_clock_reset();
	assert_in_range(start, now - (after - begun), now - (before - begun));
	assert_int_equal(read_now().start, start);
}

TEST(processor_time)
{
	uint64_t before = read_clock(CLOCK_PROCESS_CPUTIME_ID);
	struct process_meters process = read_now();

	assert_in_range(process.cpu, before, read_clock(CLOCK_PROCESS_CPUTIME_ID));
}

TEST(memory)
{
	unsigned long virtual, resident;
	char text[128] = "";

	struct process_meters process = read_now();
	int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	assert_true(read(file, text, sizeof(text) - 1) > 0);
	close(file);
	assert_int_equal(sscanf(text, "%lu %lu", &virtual, &resident), 2);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	/* Some pages may have come meanwhile, or gone. */
	assert_in_range(process.virtual, (virtual - 20) * page, (virtual + 20) * page);
	assert_in_range(process.resident, (resident - 20) * page, (resident + 20) * page);
	assert_int_equal(process.resident % page, 0);
}

static void expect_descriptors(void)
{
	int files[5];
	uint64_t before = read_now().descriptors, open_files = 0;

	for (int i = 0; i < 1024; i++)
		open_files += fcntl(i, F_GETFD) >= 0;
	assert_int_equal(before, open_files);
	for (size_t i = 0; i < 5; i++)
		files[i] = dup(STDIN_FILENO);
	assert_int_equal(read_now().descriptors, before + 5);
	for (size_t i = 0; i < 5; i++)
		close(files[i]);
	assert_int_equal(read_now().descriptors, before);
}

TEST(descriptors)
{
	expect_descriptors();
	is_old = true;
	expect_descriptors();
	is_old = false;
}

TEST(most_descriptors)
{
	struct rlimit was, limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	limit = was;
	limit.rlim_cur = 77;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(read_now().most_descriptors, 77);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	is_unlimited = true;
	assert_int_equal(read_now().most_descriptors, 0);
	is_unlimited = false;
}
