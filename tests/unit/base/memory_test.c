#include "base/memory.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

static bool is_short;

/* The linker puts the first in the place of reallocarray(), which is the second. */
void *__wrap_reallocarray(void *old, size_t count, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return is_short ? NULL : __real_reallocarray(old, count, size);
}

TEST(zeroed)
{
	static const char zeros[4096];
	char *memory = memory_zeroed(sizeof(zeros));

	assert_memory_equal(memory, zeros, sizeof(zeros));
	free(memory);
}

TEST(resized)
{
	uint32_t *numbers = memory_resized(NULL, 2, sizeof(*numbers));

	numbers[0] = 5;
	numbers[1] = 6;
	numbers = memory_resized(numbers, 10000, sizeof(*numbers));
	numbers[9999] = 7;
	assert_int_equal(numbers[0], 5);
	assert_int_equal(numbers[1], 6);
	free(numbers);
}

/* It is doubled when it is full, and not before. */
TEST(room_for_one_more)
{
	size_t room = 0;
	uint64_t *numbers = NULL;

	for (uint64_t i = 0; i < 1000; i++) {
		size_t before = room;
		uint64_t *old = numbers;
		numbers = memory_with_room(numbers, i, &room, sizeof(*numbers));
		assert_true(room > i);
		if (i < before) {
			assert_int_equal(room, before);
			assert_ptr_equal(numbers, old);
		} else if (before > 0) {
			assert_int_equal(room, 2 * before);
		}
		numbers[i] = i;
	}
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	free(numbers);
}

TEST(printed)
{
	char *text = memory_printf("%s-%d", "a", 5);

	assert_string_equal(text, "a-5");
	free(text);
}

/* What a child says on standard error, which has to end by a signal. */
static void expect_end(size_t count, size_t size, const char *expected)
{
	char said[256] = "";
	int ends[2], status;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		const struct rlimit none = {0};
		setrlimit(RLIMIT_CORE, &none);
		dup2(ends[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		free(memory_resized(NULL, count, size));
		test_leave(0);
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(read(ends[0], said, sizeof(said) - 1) > 0);
	close(ends[0]);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_non_null(strstr(said, expected));
}

TEST(none_left)
{
	is_short = true;
	expect_end(5, 7, "rollcall: out of memory: 35 bytes\n");
	is_short = false;
}
