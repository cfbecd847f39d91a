/* Which limit of descriptors is asked for, and what is made of less. */
#include "event_loop/descriptors.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limit.h"
#include "event_loop/listener.h"
#include "support/test.h"
#include "support/unit/captured_log.h"

/* The limits that the program sees. */
static struct {
	struct rlimit limit;
	bool is_unknown, is_fixed;
	unsigned changes;
} seen;

int __wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit);
int __wrap_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit);

int __wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	assert_int_equal(resource, RLIMIT_NOFILE);
	*limit = seen.limit;
	return seen.is_unknown ? -1 : 0;
}

int __wrap_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	assert_int_equal(resource, RLIMIT_NOFILE);
	seen.changes++;
	if (seen.is_fixed)
		return -1;
	assert_int_equal(limit->rlim_max, seen.limit.rlim_max);
	assert_true(limit->rlim_cur <= limit->rlim_max);
	seen.limit = *limit;
	return 0;
}

#define WANTED 100
#define OPEN   7
#define OTHERS (OPEN + DESCRIPTORS_RESERVED)
#define ENOUGH (WANTED + OTHERS + LISTENER_BACKLOG)

TEST(so_many_connections)
{
	static const struct {
		rlim_t soft, hard;
		size_t allowed;
		rlim_t raised; /* 0: it stays as it is */
	} rows[] = {
		{ENOUGH, RLIM_INFINITY, WANTED, 0},
		{ENOUGH + 1, RLIM_INFINITY, WANTED, 0},
		{ENOUGH - 1, RLIM_INFINITY, WANTED, ENOUGH},
		{1, ENOUGH, WANTED, ENOUGH},
		{1, ENOUGH - 1, WANTED, ENOUGH - 1},
		{1, WANTED + OTHERS, WANTED, WANTED + OTHERS},
		{1, WANTED + OTHERS - 1, WANTED - 1, WANTED + OTHERS - 1},
		{WANTED + OTHERS - 1, WANTED + OTHERS - 1, WANTED - 1, 0},
		{1, OTHERS + 2, 2, OTHERS + 2},
		{1, OTHERS + 1, 1, OTHERS + 1},
		{1, OTHERS, 1, OTHERS},
		{1, 2, 1, 2},
	};
	char line[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct captured_log log;
		captured_log_open(&log, LOG_DEBUG);
		seen.limit = (struct rlimit){.rlim_cur = rows[i].soft, .rlim_max = rows[i].hard};
		seen.changes = 0;
		assert_int_equal(descriptors_allow(log.log, WANTED, OPEN), rows[i].allowed);
		assert_int_equal(seen.changes, rows[i].raised != 0);
		assert_int_equal(
			seen.limit.rlim_cur, rows[i].raised != 0 ? rows[i].raised : rows[i].soft);
		assert_int_equal(
			captured_log_count(&log, "connections-limited"), rows[i].allowed != WANTED);
		snprintf(line, sizeof(line), "wanted=100 possible=%zu", rows[i].allowed);
		if (rows[i].allowed != WANTED)
			captured_log_expect(&log, line);
		captured_log_close(&log);
	}
}

/* Then it is as it is. */
TEST(a_limit_that_cannot_be_raised)
{
	struct captured_log log;

	captured_log_open(&log, LOG_DEBUG);
	seen.limit = (struct rlimit){.rlim_cur = OTHERS + 5, .rlim_max = RLIM_INFINITY};
	seen.is_fixed = true;
	assert_int_equal(descriptors_allow(log.log, WANTED, OPEN), 5);
	seen.is_fixed = false;
	seen.is_unknown = true;
	assert_int_equal(descriptors_allow(log.log, WANTED, OPEN), WANTED);
	seen.is_unknown = false;
	captured_log_close(&log);
}

/* With those of the directory that is read, and its own. */
TEST(those_that_are_open)
{
	size_t before = descriptors_count(), open_files = 0;
	int more = dup(STDIN_FILENO);

	for (int i = 0; i < 1024; i++)
		open_files += fcntl(i, F_GETFD) >= 0;
	assert_int_equal(before, open_files - 1 + 3);
	assert_int_equal(descriptors_count(), before + 1);
	close(more);
}

TEST(enough_to_start)
{
	size_t needed = descriptors_count() + DESCRIPTORS_TO_START;
	struct reason reason;
	char words[128];

	seen.limit = (struct rlimit){.rlim_cur = 1, .rlim_max = needed};
	assert_int_equal(descriptors_suffice(&reason), RESULT_OK);
	seen.limit = (struct rlimit){.rlim_cur = 1, .rlim_max = needed - 1};
	assert_int_equal(descriptors_suffice(&reason), RESULT_SYSTEM);
	snprintf(words, sizeof(words),
		"too few file descriptors: the limit (RLIMIT_NOFILE) is %zu, and %zu are needed",
		needed - 1, needed);
	assert_string_equal(reason.text, words);
}
