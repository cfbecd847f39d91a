/* Which files beside a list that is missing say that there was one. */
#include "store/files/traces.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "support/temporary_directory.h"
#include "support/test.h"

#define BARE 10

/* One file of this size beside the list, in a directory of its own; `found`: it is a trace. */
static void expect_trace(const char *name, off_t size, bool is_found)
{
	struct temporary_directory directory;

	temporary_directory_make(&directory);
	char *list = memory_printf("%s/users.log", directory.path);
	char *path = memory_printf("%s/%s", directory.path, name);
	int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	assert_int_equal(ftruncate(file, size), 0);
	close(file);
	char *found = traces_find(list, BARE);
	if (is_found != (found != NULL))
		fail_msg("%s of %ld bytes", name, (long)size);
	if (found != NULL)
		assert_string_equal(found, name);
	free(found);
	free(path);
	free(list);
	temporary_directory_remove(&directory);
}

TEST(names_of_traces)
{
	expect_trace("users.log.1", 0, true);
	expect_trace("users.log.", 0, true);
	expect_trace("users.log.gz", BARE + 1, true);
	expect_trace("users.log.newer", 0, true);
	expect_trace("users.log.new.1", 0, true);
	expect_trace("users.logs", BARE + 1, false);
	expect_trace("users.log-1", BARE + 1, false);
	expect_trace("users.lo", BARE + 1, false);
	expect_trace("a.users.log.1", BARE + 1, false);
	expect_trace("leave.key", BARE + 1, false);
}

/* A list that was begun and has no user yet is none. */
TEST(one_that_was_begun)
{
	expect_trace("users.log.new", 0, false);
	expect_trace("users.log.new", BARE, false);
	expect_trace("users.log.new", BARE + 1, true);
}

TEST(no_directory)
{
	assert_null(traces_find("/nowhere/at/all/users.log", BARE));
}
