#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/files/lock.h"
#include "support/unit/flat_file.h"
#include "support/unit/lock_waiter.h"

static int set_up(void **state)
{
	struct flat_file *file = calloc(1, sizeof(*file));

	assert_non_null(file);
	flat_file_make(file);
	*state = file;
	return 0;
}

static int tear_down(void **state)
{
	flat_file_remove(*state);
	free(*state);
	return 0;
}

static const char *lock_path(void **state)
{
	return ((struct flat_file *)*state)->path;
}

static int acquire(const char *path)
{
	char holder[LOCK_HOLDER_SIZE];
	int lock = -1;

	assert_int_equal(lock_acquire(path, 0, NULL, &lock, holder), RESULT_OK);
	assert_true(lock >= 0);
	return lock;
}

static void expect_busy(const char *path, unsigned wait, const char *wanted)
{
	char holder[LOCK_HOLDER_SIZE];
	int lock = -1;

	assert_int_equal(lock_acquire(path, wait, NULL, &lock, holder), RESULT_BUSY);
	assert_int_equal(lock, -1);
	assert_string_equal(holder, wanted);
}

static void this_process(char holder[static LOCK_HOLDER_SIZE])
{
	char host[64] = "";

	gethostname(host, sizeof(host) - 1);
	snprintf(holder, LOCK_HOLDER_SIZE, "process %ld on %s", (long)getpid(), host);
}

TEST_WITH(set_up, tear_down, one_at_a_time)
{
	char holder[LOCK_HOLDER_SIZE];
	int lock = acquire(lock_path(state));

	this_process(holder);
	expect_busy(lock_path(state), 0, holder);
	expect_busy(lock_path(state), 0, holder);
	close(lock);
	close(acquire(lock_path(state)));
}

/* Unlike the older locks of fcntl(), which any close of the file by the same process gives up. */
TEST_WITH(set_up, tear_down, kept_when_another_descriptor_is_closed)
{
	char holder[LOCK_HOLDER_SIZE];
	int lock = acquire(lock_path(state));

	close(open(lock_path(state), O_RDWR | O_CLOEXEC));
	this_process(holder);
	expect_busy(lock_path(state), 0, holder);
	close(lock);
}

TEST_WITH(set_up, tear_down, not_inherited)
{
	int lock = acquire(lock_path(state));

	assert_true(fcntl(lock, F_GETFD) & FD_CLOEXEC);
	close(lock);
}

/* Shorter than what was there before. */
TEST_WITH(set_up, tear_down, file_names_the_holder)
{
	char holder[LOCK_HOLDER_SIZE], old[1000];
	struct buffer bytes = {0};

	memset(old, 'x', sizeof(old));
	flat_file_write(lock_path(state), old, sizeof(old));
	int lock = acquire(lock_path(state));
	flat_file_read(lock_path(state), &bytes);
	this_process(holder);
	assert_int_equal(bytes.length, strlen(holder) + 1);
	assert_memory_equal(bytes.bytes, holder, strlen(holder));
	assert_int_equal(bytes.bytes[bytes.length - 1], '\n');
	buffer_free(&bytes);
	close(lock);
}

/* A holder from another run of the kernel left nothing in the page cache of this one. */
TEST_WITH(set_up, tear_down, another_boot)
{
	static const struct {
		const char *host; /* NULL: this one */
		const char *before;
		const char *now;
		bool is_gone;
	} cases[] = {{NULL, "1111", "2222", true}, {NULL, "1111", "1111", false},
		{"elsewhere", "1111", "2222", false}, {NULL, NULL, "2222", false},
		{NULL, "1111", NULL, false}, {NULL, "", "2222", false},
		{NULL, "111", "2222", false}, {NULL, "11111", "2222", false}};
	char own[64] = "";

	gethostname(own, sizeof(own) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char lines[256], holder[LOCK_HOLDER_SIZE];
		int lock = -1;
		const char *host = cases[i].host != NULL ? cases[i].host : own;
		const char *before = cases[i].before;
		snprintf(lines, sizeof(lines), "process 1 on %s\n%s%s%s", host,
			before != NULL ? "boot " : "", before != NULL ? before : "",
			before != NULL ? "\n" : "");
		flat_file_write(lock_path(state), lines, strlen(lines));
		assert_int_equal(
			lock_acquire(lock_path(state), 0, cases[i].now, &lock, holder), RESULT_OK);
		assert_int_equal(*holder == '\0', cases[i].is_gone);
		close(lock);
	}
}

/* Below the name, which people are told without it; the next run of the kernel finds it there. */
TEST_WITH(set_up, tear_down, names_the_boot)
{
	char holder[LOCK_HOLDER_SIZE], wanted[LOCK_HOLDER_SIZE];
	int lock = -1;

	assert_int_equal(lock_acquire(lock_path(state), 0, "1111", &lock, holder), RESULT_OK);
	this_process(wanted);
	expect_busy(lock_path(state), 0, wanted);
	close(lock);
	assert_int_equal(lock_acquire(lock_path(state), 0, "1111", &lock, holder), RESULT_OK);
	assert_string_equal(holder, wanted);
	close(lock);
	assert_int_equal(lock_acquire(lock_path(state), 0, "2222", &lock, holder), RESULT_OK);
	assert_string_equal(holder, "");
	lock_leave(lock, true, "2222");
	assert_int_equal(lock_acquire(lock_path(state), 0, "2222", &lock, holder), RESULT_OK);
	assert_string_equal(holder, wanted);
	close(lock);
}

/* Whatever stands in the file. */
TEST_WITH(set_up, tear_down, holder_that_cannot_be_named)
{
	char old[1000], cut[LOCK_HOLDER_SIZE] = "";
	int lock = acquire(lock_path(state));

	flat_file_write(lock_path(state), "", 0);
	expect_busy(lock_path(state), 0, "another process");
	flat_file_write(lock_path(state), "\nprocess 1\n", 11);
	expect_busy(lock_path(state), 0, "another process");
	flat_file_write(lock_path(state), "\0process 1\n", 11);
	expect_busy(lock_path(state), 0, "another process");
	memset(old, 'x', sizeof(old));
	memset(cut, 'x', sizeof(cut) - 1);
	flat_file_write(lock_path(state), old, sizeof(old));
	expect_busy(lock_path(state), 0, cut);
	close(lock);
}

/* Takes it and gives it up. Taking it reports an end that was not clean. */
static void expect_end(const char *path, const char *wanted)
{
	char holder[LOCK_HOLDER_SIZE];
	int lock;

	assert_int_equal(lock_acquire(path, 0, NULL, &lock, holder), RESULT_OK);
	assert_string_equal(holder, wanted);
	lock_release(lock);
}

/* Whatever a crash has left of the name. */
TEST_WITH(set_up, tear_down, unclean_end)
{
	static const char *const left[] = {
		"process 1 on elsewhere\n", "clea", "cleanest\n", "", "\n"};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		char name[LOCK_HOLDER_SIZE];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(left[i], "\n"), left[i]);
		flat_file_write(lock_path(state), left[i], strlen(left[i]));
		expect_end(lock_path(state), name[0] != '\0' ? name : "another process");
	}
}

/* People delete it. */
TEST_WITH(set_up, tear_down, no_file_is_no_clean_end)
{
	expect_end(lock_path(state), "another process");
	expect_end(lock_path(state), "");
	assert_int_equal(unlink(lock_path(state)), 0);
	expect_end(lock_path(state), "another process");
}

TEST_WITH(set_up, tear_down, clean_end)
{
	close(acquire(lock_path(state)));
	lock_release(acquire(lock_path(state)));
	expect_end(lock_path(state), "");
	expect_end(lock_path(state), "");
}

/* Nor one that is given up without saying so; and a process that gives it up is not reported as the
 * next one's holder. */
TEST_WITH(set_up, tear_down, left)
{
	lock_release(acquire(lock_path(state)));
	lock_leave(acquire(lock_path(state)), false, NULL);
	expect_end(lock_path(state), "another process");
}

/* A full disk: the name cannot be written, but that somebody had it is seen. */
TEST_WITH(set_up, tear_down, holder_that_cannot_be_written)
{
	struct rlimit before, none;
	char holder[LOCK_HOLDER_SIZE];
	int lock;

	lock_release(acquire(lock_path(state)));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	enum result result = lock_acquire(lock_path(state), 0, NULL, &lock, holder);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(result, RESULT_OK);
	assert_string_equal(holder, "");
	close(lock);
	expect_end(lock_path(state), "another process");
	expect_end(lock_path(state), "");
}

TEST_WITH(set_up, tear_down, no_directory)
{
	char path[128], holder[LOCK_HOLDER_SIZE];
	int lock = -1;

	snprintf(path, sizeof(path), "%s/missing/users.lock",
		((struct flat_file *)*state)->directory.path);
	assert_int_equal(lock_acquire(path, 0, NULL, &lock, holder), RESULT_SYSTEM);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(lock, -1);
}

static void on_alarm(int number)
{
	(void)number;
}

/* And leaves the alarm and its handler as they were. */
TEST_WITH(set_up, tear_down, gives_up_waiting)
{
	struct sigaction mine = {.sa_handler = on_alarm}, before, after;
	char holder[LOCK_HOLDER_SIZE];
	int lock = acquire(lock_path(state));

	assert_int_equal(sigaction(SIGALRM, &mine, &before), 0);
	this_process(holder);
	expect_busy(lock_path(state), 1, holder);
	assert_int_equal(alarm(0), 0);
	assert_int_equal(sigaction(SIGALRM, &before, &after), 0);
	assert_ptr_equal(after.sa_handler, on_alarm);
	close(lock);
}

/* A process that takes the lock, says so, and keeps it until it is told to end. A lock of ours that
 * it must not hold with us is `ours`. */
static pid_t start_holder(const char *path, int ours, int *said, int *told)
{
	int says[2], tells[2];
	char holder[LOCK_HOLDER_SIZE], byte = 'x';
	int lock;

	assert_int_equal(pipe2(says, O_CLOEXEC), 0);
	assert_int_equal(pipe2(tells, O_CLOEXEC), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(tells[1]);
		close(ours);
		bool ended = lock_acquire(path, 60, NULL, &lock, holder) == RESULT_OK &&
			     write(says[1], &byte, 1) == 1 && read(tells[0], &byte, 1) >= 0;
		test_leave(ended ? 0 : 1);
	}
	close(says[1]);
	close(tells[0]);
	*said = says[0];
	*told = tells[1];
	return child;
}

static void expect_holding(int said)
{
	char byte;

	assert_int_equal(read(said, &byte, 1), 1);
}

static int status_of(pid_t child, int said, int told)
{
	int status;

	close(told);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(said);
	return status;
}

TEST_WITH(set_up, tear_down, another_process)
{
	char holder[LOCK_HOLDER_SIZE], start[LOCK_HOLDER_SIZE];
	int said, told, lock = -1;
	pid_t child = start_holder(lock_path(state), -1, &said, &told);

	expect_holding(said);
	assert_int_equal(lock_acquire(lock_path(state), 0, NULL, &lock, holder), RESULT_BUSY);
	snprintf(start, sizeof(start), "process %ld on ", (long)child);
	assert_memory_equal(holder, start, strlen(start));
	assert_int_equal(status_of(child, said, told), 0);
	close(acquire(lock_path(state)));
}

/* Whether it already waits by then or not. */
TEST_WITH(set_up, tear_down, waits_for_the_holder_to_go)
{
	int said, told;
	int lock = acquire(lock_path(state));
	pid_t child = start_holder(lock_path(state), lock, &said, &told);

	close(lock);
	expect_holding(said);
	assert_int_equal(status_of(child, said, told), 0);
}

/* A process that waited for a file that has been deleted meanwhile waits for the next one. */
TEST_WITH(set_up, tear_down, file_is_deleted_while_others_wait)
{
	int said, told;
	int lock = acquire(lock_path(state));
	pid_t child = start_holder(lock_path(state), lock, &said, &told);

	assert_true(lock_waiter_is_there(lock_path(state)));
	assert_int_equal(unlink(lock_path(state)), 0);
	int second = acquire(lock_path(state));
	close(lock);
	assert_true(lock_waiter_is_there(lock_path(state)));
	assert_true(lock_stands(second, lock_path(state)));
	lock_release(second);
	expect_holding(said);
	assert_int_equal(status_of(child, said, told), 0);
}

TEST_WITH(set_up, tear_down, a_holder_that_is_killed)
{
	int said, told;
	pid_t child = start_holder(lock_path(state), -1, &said, &told);

	expect_holding(said);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(WTERMSIG(status_of(child, said, told)), SIGKILL);
	close(acquire(lock_path(state)));
}

TEST_WITH(set_up, tear_down, a_link_in_its_place)
{
	char target[128], holder[LOCK_HOLDER_SIZE];
	struct buffer bytes = {0};
	int lock = -1;

	snprintf(target, sizeof(target), "%s.target", lock_path(state));
	flat_file_write(target, "somebody's", 10);
	assert_int_equal(symlink(target, lock_path(state)), 0);
	assert_int_equal(lock_acquire(lock_path(state), 0, NULL, &lock, holder), RESULT_SYSTEM);
	assert_int_equal(errno, ELOOP);
	flat_file_read(target, &bytes);
	assert_int_equal(bytes.length, 10);
	buffer_free(&bytes);
}

/* Root's commands must not take it away from the server. */
TEST_WITH(set_up, tear_down, belongs_to_whom_the_directory_does)
{
	const struct flat_file *file = *state;
	struct stat status;

	if (geteuid() != 0)
		skip_because("only root can give a directory away");
	assert_int_equal(chown(file->directory.path, 12345, 12346), 0);
	close(acquire(lock_path(state)));
	assert_int_equal(stat(lock_path(state), &status), 0);
	assert_int_equal(status.st_uid, 12345);
	assert_int_equal(status.st_gid, 12346);
}
