#include "support/protocol/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"
#include "support/patience.h"
#include "support/test.h"

#define SYSTEMD_FIRST 3
#define CREATED       INT64_C(1764000000000)

struct daemon {
	struct daemon *next;
	pid_t pid;
	int errors;    /* the reading end of its standard error */
	bool stopping; /* it was told to */
	bool ended;
	int status;
	struct buffer log; /* all of it so far */
	size_t seen;       /* bytes of it that daemon_wait_event() has passed */
	struct buffer line;
	char directory[64];
	char socket[80];
	char data[80];
	char address[128];
};

/* cmocka leaves a failed test by a jump and does not tell its tear-down so: what is still in this
 * list then is what the test did not get to finish. */
static struct daemon *unfinished;

static void run(
	const struct daemon_setup *setup, const struct daemon *daemon, int errors, pid_t parent);

/* Names the program. */
static const char *variable_of(const struct daemon_setup *setup)
{
	return setup->environment != NULL ? setup->environment : "ROLLCALL";
}

static void make_directory(struct daemon *daemon)
{
	const char *parent = getenv("TMPDIR");

	snprintf(daemon->directory, sizeof(daemon->directory), "%.30s/rollcall-test-XXXXXX",
		parent != NULL && strlen(parent) <= 30 ? parent : "/tmp");
	if (mkdtemp(daemon->directory) == NULL)
		fail_msg("mkdtemp %s: %s", daemon->directory, strerror(errno));
	snprintf(daemon->socket, sizeof(daemon->socket), "%s/socket", daemon->directory);
	snprintf(daemon->data, sizeof(daemon->data), "%s/data", daemon->directory);
	assert_int_equal(mkdir(daemon->data, 0700), 0);
}

/* A sign-up for each would take a sync for each. */
static void write_users(const struct daemon *daemon, unsigned users)
{
	struct buffer lines = {0};
	char path[96], name[64];

	header_append(&lines, 0);
	for (unsigned number = 1; number <= users; number++) {
		int length = snprintf(name, sizeof(name),
			"a-name-as-long-as-one-may-well-be-with-number-%u", number);
		record_append(&lines, &(struct record){.operation = OPERATION_CREATED,
					      .number = number,
					      .time = CREATED,
					      .name = name,
					      .name_length = (size_t)length});
	}
	snprintf(path, sizeof(path), "%s/users.log", daemon->data);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(lines.bytes, 1, lines.length, file), lines.length);
	assert_int_equal(fclose(file), 0);
	buffer_free(&lines);
}

struct daemon *daemon_launch(const struct daemon_setup *setup)
{
	struct daemon *daemon = calloc(1, sizeof(*daemon));
	pid_t parent = getpid();
	int ends[2];

	assert_non_null(daemon);
	if (getenv(variable_of(setup)) == NULL)
		fail_msg("%s is not set to the path of the program", variable_of(setup));
	make_directory(daemon);
	if (setup->users > 0)
		write_users(daemon, setup->users);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	/* Room for the log of a test that is busy elsewhere: the program drops lines rather than
	 * wait. */
	fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
	daemon->pid = fork();
	assert_true(daemon->pid >= 0);
	if (daemon->pid == 0)
		run(setup, daemon, ends[1], parent);
	close(ends[1]);
	daemon->errors = ends[0];
	daemon->next = unfinished;
	unfinished = daemon;
	return daemon;
}

/* What the environment of the test would mean to the program. */
static void clean_environment(void)
{
	static const char *const variables[] = {"GATEWAY_INTERFACE", "LISTEN_FDS", "LISTEN_PID",
		"LISTEN_FDNAMES", "ROLLCALL_LISTEN", "ROLLCALL_DATA", "ROLLCALL_MAX_PARAMS",
		"ROLLCALL_MAX_BODY", "ROLLCALL_MAX_CONNECTIONS", "ROLLCALL_MAX_USERS",
		"ROLLCALL_PAGE_SIZE", "ROLLCALL_WORKERS", "ROLLCALL_REQUEST_TIMEOUT",
		"ROLLCALL_FIRST_REQUEST_TIMEOUT", "ROLLCALL_IDLE_TIMEOUT", "ROLLCALL_STOP_TIMEOUT",
		"ROLLCALL_MAX_STREAMS", "ROLLCALL_HEARTBEAT", "ROLLCALL_LOG_LEVEL",
		"ROLLCALL_CONFIG"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
}

/* dup2() that clears FD_CLOEXEC in every case. */
static void move(int from, int to)
{
	if (from == to)
		fcntl(to, F_SETFD, 0);
	else
		dup2(from, to);
}

static void hand_over_listener(const struct daemon_setup *setup)
{
	char pid[16];

	if (setup->socket == DAEMON_DESCRIPTOR_0) {
		move(setup->listener, STDIN_FILENO);
		return;
	}
	move(open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
	if (setup->socket != DAEMON_LISTEN_FDS)
		return;
	move(setup->listener, SYSTEMD_FIRST);
	snprintf(pid, sizeof(pid), "%d", setup->listen_pid != 0 ? setup->listen_pid : getpid());
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_PID", pid, 1);
}

/* What this process has inherited itself is not passed on: the program is to find the same
 * descriptors in every run. */
static void hand_over_descriptors(const struct daemon_setup *setup)
{
	close_range(SYSTEMD_FIRST, ~0u, CLOSE_RANGE_CLOEXEC);
	hand_over_listener(setup);
	for (unsigned i = 0; i < setup->leaked; i++)
		fcntl(STDERR_FILENO, F_DUPFD, SYSTEMD_FIRST + 1);
}

static void lower_limit(rlim_t descriptors, rlim_t soft)
{
	struct rlimit limit = {.rlim_cur = soft != 0 ? soft : descriptors, .rlim_max = descriptors};

	if (descriptors != 0)
		setrlimit(RLIMIT_NOFILE, &limit);
}

/* A signal that is held back while it is sent stays so through exec(). */
static void send_early(int number)
{
	sigset_t early;

	if (number == 0)
		return;
	sigemptyset(&early);
	sigaddset(&early, number);
	sigprocmask(SIG_BLOCK, &early, NULL);
	raise(number);
}

static void execute(const struct daemon_setup *setup, const struct daemon *daemon)
{
	const char *program = getenv(variable_of(setup));
	const char *arguments[DAEMON_MOST_OPTIONS + 6] = {program, "--listen",
		setup->listen != NULL ? setup->listen : daemon->socket, "--data",
		setup->data != NULL ? setup->data : daemon->data};

	for (size_t i = 0; i < DAEMON_MOST_OPTIONS && setup->options[i] != NULL; i++)
		arguments[5 + i] = setup->options[i];
	execv(program, (char *const *)arguments);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", program, strerror(errno));
}

/* The child: becomes the program. */
static void run(
	const struct daemon_setup *setup, const struct daemon *daemon, int errors, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	move(setup->errors > 0 ? setup->errors : errors, STDERR_FILENO);
	clean_environment();
	hand_over_descriptors(setup);
	lower_limit(setup->descriptors, setup->soft_descriptors);
	send_early(setup->early_signal);
	execute(setup, daemon);
	_exit(127);
}

/* Reads more of the log; false at its end. */
static bool read_log(struct daemon *daemon, int64_t until, const char *awaited)
{
	char bytes[16384];

	if (daemon->errors < 0)
		return false;
	patience_poll(daemon->errors, POLLIN, until, awaited);
	ssize_t length = read(daemon->errors, bytes, sizeof(bytes));
	if (length > 0) {
		buffer_append(&daemon->log, bytes, (size_t)length);
		return true;
	}
	close(daemon->errors);
	daemon->errors = -1;
	return false;
}

/* Takes the next whole line of the log. */
static bool next_line(struct daemon *daemon)
{
	if (daemon->log.length == daemon->seen)
		return false;
	const char *start = daemon->log.bytes + daemon->seen;
	const char *end = memchr(start, '\n', daemon->log.length - daemon->seen);
	if (end == NULL)
		return false;
	buffer_clear(&daemon->line);
	buffer_append(&daemon->line, start, (size_t)(end - start));
	buffer_append(&daemon->line, "", 1);
	daemon->seen += (size_t)(end - start) + 1;
	return true;
}

static bool is_event(const char *line, const char *event)
{
	const char *found = strstr(line, " event=");
	size_t length = strlen(event);

	if (found == NULL)
		return false;
	found += strlen(" event=");
	return strncmp(found, event, length) == 0 &&
	       (found[length] == ' ' || found[length] == '\0');
}

const char *daemon_wait_event(struct daemon *daemon, const char *event)
{
	int64_t until = patience_begin();

	for (;;) {
		while (next_line(daemon)) {
			if (is_event(daemon->line.bytes, event))
				return daemon->line.bytes;
		}
		if (!read_log(daemon, until, event))
			fail_msg("the program ended before event=%s; its log:\n%s", event,
				daemon_log(daemon));
	}
}

const char *daemon_log(struct daemon *daemon)
{
	int64_t until = patience_begin();

	while (read_log(daemon, until, "the end of the log"))
		;
	buffer_append(&daemon->log, "", 1);
	daemon->log.length--;
	return daemon->log.bytes;
}

void daemon_keep_up(struct daemon *daemon)
{
	struct pollfd readable = {.fd = daemon->errors, .events = POLLIN};

	while (daemon->errors >= 0 && poll(&readable, 1, 0) > 0)
		read_log(daemon, patience_begin(), "the log");
}

struct daemon *daemon_start(const struct daemon_setup *setup)
{
	struct daemon *daemon = daemon_launch(setup);
	const char *ready = daemon_wait_event(daemon, "ready");
	const char *address = strstr(ready, " address=");

	if (address == NULL || sscanf(address, " address=%127s", daemon->address) != 1)
		fail_msg("event=ready without an address: %s", ready);
	return daemon;
}

const char *daemon_address(const struct daemon *daemon)
{
	return daemon->address;
}

const char *daemon_socket_path(const struct daemon *daemon)
{
	return daemon->socket;
}

const char *daemon_data_path(const struct daemon *daemon)
{
	return daemon->data;
}

pid_t daemon_pid(const struct daemon *daemon)
{
	return daemon->pid;
}

void daemon_signal(struct daemon *daemon, int signal)
{
	assert_int_equal(kill(daemon->pid, signal), 0);
	daemon->stopping |=
		signal == SIGTERM || signal == SIGINT || signal == SIGQUIT || signal == SIGXCPU;
}

void daemon_freeze(struct daemon *daemon)
{
	int status;

	daemon_signal(daemon, SIGSTOP);
	assert_int_equal(waitpid(daemon->pid, &status, WUNTRACED), daemon->pid);
	assert_true(WIFSTOPPED(status));
}

void daemon_thaw(struct daemon *daemon)
{
	daemon_signal(daemon, SIGCONT);
}

static void reap(struct daemon *daemon)
{
	int status;

	while (waitpid(daemon->pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	daemon->ended = true;
	daemon->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int daemon_exit_status(struct daemon *daemon)
{
	if (!daemon->ended) {
		/* Its standard error ends when it does, and that can be waited for within limits.
		 */
		daemon_log(daemon);
		reap(daemon);
	}
	return daemon->status;
}

int daemon_stop(struct daemon *daemon)
{
	if (!daemon->ended && !daemon->stopping)
		daemon_signal(daemon, SIGTERM);
	return daemon_exit_status(daemon);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

static void forget(struct daemon *daemon)
{
	struct daemon **link = &unfinished;

	while (*link != daemon)
		link = &(*link)->next;
	*link = daemon->next;
	if (daemon->errors >= 0)
		close(daemon->errors);
	buffer_free(&daemon->log);
	buffer_free(&daemon->line);
	free(daemon);
}

void daemon_discard(struct daemon *daemon)
{
	assert_true(daemon->ended);
	assert_int_equal(nftw(daemon->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
	forget(daemon);
}

static void expect_last_event(struct daemon *daemon, const char *event)
{
	while (next_line(daemon))
		;
	if (daemon->line.length == 0 || !is_event(daemon->line.bytes, event))
		fail_msg("the log does not end with event=%s", event);
}

void daemon_finish(struct daemon *daemon)
{
	assert_int_equal(daemon_stop(daemon), 0);
	expect_last_event(daemon, "stopped");
	daemon_discard(daemon);
}

int daemon_set_up(void **state)
{
	*state = daemon_start(*state);
	return 0;
}

static void clean_up(struct daemon *daemon)
{
	if (!daemon->ended) {
		kill(daemon->pid, SIGKILL);
		daemon_exit_status(daemon);
	}
	fprintf(stderr, "kept %s; the log of the program there:\n", daemon->directory);
	fputs(daemon_log(daemon), stderr);
	forget(daemon);
}

int daemon_clean_up(void **state)
{
	(void)state;
	while (unfinished != NULL)
		clean_up(unfinished);
	return 0;
}
