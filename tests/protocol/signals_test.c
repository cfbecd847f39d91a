/* No signal that can be caught ends the program uncleanly: those that ask it to stop do that,
 * SIGHUP has settings read again (reload_test.c), and the others are ignored, at any time. */
#include "protocol/protocol.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* The next start on the same data would write the file anew after an end that was not clean. */
static void expect_clean_end(struct daemon *daemon)
{
	assert_int_equal(daemon_stop(daemon), 0);
	struct daemon *next = daemon_start(&(struct daemon_setup){
		.data = daemon_data_path(daemon), .listen = "tcp:127.0.0.1:0"});

	daemon_stop(next);
	assert_null(strstr(daemon_log(next), "event=unclean-end"));
	daemon_finish(next);
	daemon_finish(daemon);
}

static void create(struct fcgi_client *client, unsigned number)
{
	struct buffer records = {0};

	records_sign_up(&records, "user", number);
	client_send(client, &records);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	buffer_free(&records);
}

/* Those of a fault of the program, those that suspend it, and those that ask it to stop. */
static bool is_ignored(int number)
{
	static const int others[] = {SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
		SIGSYS, SIGTRAP, SIGTSTP, SIGTTIN, SIGTTOU, SIGTERM, SIGINT, SIGQUIT, SIGXCPU};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (others[i] == number)
			return false;
	}
	/* The C library keeps those between for itself. */
	return number < 32 || number >= SIGRTMIN;
}

DAEMON_TEST(all_others_are_ignored, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (int number = 1; number <= SIGRTMAX; number++) {
		if (!is_ignored(number))
			continue;
		daemon_signal(daemon, number);
		create(client, (unsigned)number);
	}
	client_close(client);
	expect_clean_end(daemon);
}

DAEMON_TEST(a_storm, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));

	for (unsigned i = 0; i < 500; i++) {
		daemon_signal(daemon, SIGUSR1);
		daemon_signal(daemon, SIGHUP);
		daemon_signal(daemon, SIGUSR2);
		create(client, i);
	}
	client_close(client);
	expect_clean_end(daemon);
}

static void stop_by(struct daemon *daemon, int number, const char *name)
{
	client_expect_served(daemon_address(daemon));
	daemon_signal(daemon, number);
	if (strstr(daemon_wait_event(daemon, "stopping"), name) == NULL)
		fail_msg("the log does not name %s", name);
	assert_int_equal(daemon_exit_status(daemon), 0);
	expect_clean_end(daemon);
}

DAEMON_TEST(sigquit_stops_it, NULL)
{
	stop_by(daemon, SIGQUIT, " signal=SIGQUIT");
}

DAEMON_TEST(sigxcpu_stops_it, NULL)
{
	stop_by(daemon, SIGXCPU, " signal=SIGXCPU");
}

/* The kernel repeats SIGXCPU, and SIGHUP may follow: only a second signal to stop ends it at once.
 */
DAEMON_TEST(signals_while_it_stops, NULL)
{
	struct fcgi_client *client = client_open(daemon_address(daemon));
	struct buffer records = {0};

	records_request(&records, &(struct web_request){.id = 1});
	assert_true(client_try_send(client, records.bytes, 30));
	client_expect_served(daemon_address(daemon));
	daemon_signal(daemon, SIGXCPU);
	daemon_wait_event(daemon, "stopping");
	for (int i = 0; i < 3; i++) {
		daemon_signal(daemon, SIGXCPU);
		daemon_signal(daemon, SIGHUP);
		daemon_signal(daemon, SIGUSR1);
	}
	client_send_rest(client, &records, 30);
	assert_int_equal(client_read_answer(client, 1)->status, 200);
	client_close(client);
	buffer_free(&records);
	assert_int_equal(daemon_exit_status(daemon), 0);
	expect_clean_end(daemon);
}

/* Those that a thread holds back, of bits from signal 1 on. */
static uint64_t held_back(pid_t process, const char *thread)
{
	char path[64], line[256];
	uint64_t mask = 0;
	bool is_found = false;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/status", process, thread);
	FILE *status = fopen(path, "re");
	assert_non_null(status);
	while (!is_found && fgets(line, sizeof(line), status) != NULL)
		is_found = sscanf(line, "SigBlk: %" SCNx64, &mask) == 1;
	fclose(status);
	assert_true(is_found);
	return mask;
}

/* A handler on another thread would run beside the loop, which may be ending. */
DAEMON_TEST(the_loop_thread_alone_gets_them, NULL)
{
	static const int caught[] = {SIGTERM, SIGINT, SIGQUIT, SIGXCPU, SIGHUP};
	struct fcgi_client *client = client_open(daemon_address(daemon));
	pid_t process = daemon_pid(daemon);
	unsigned others = 0;
	char path[64];

	create(client, 1); /* on a worker */
	client_close(client);
	snprintf(path, sizeof(path), "/proc/%d/task", process);
	DIR *threads = opendir(path);
	assert_non_null(threads);
	for (struct dirent *thread; (thread = readdir(threads)) != NULL;) {
		bool is_loop = strtol(thread->d_name, NULL, 10) == process;
		if (thread->d_name[0] == '.')
			continue;
		others += !is_loop;
		for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
			assert_int_equal(held_back(process, thread->d_name) >> (caught[i] - 1) & 1,
				!is_loop);
	}
	closedir(threads);
	assert_true(others >= 3); /* the log's, and two workers */
	expect_clean_end(daemon);
}

DAEMON_TEST_BARE(sighup_at_the_very_beginning)
{
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.early_signal = SIGHUP});

	daemon_wait_event(daemon, "nothing-to-reload");
	expect_clean_end(daemon);
}

/* It opens the file, and neither listens nor leaves it as after a crash. */
DAEMON_TEST_BARE(sigterm_at_the_very_beginning)
{
	struct daemon *daemon = daemon_launch(&(struct daemon_setup){.early_signal = SIGTERM});

	assert_non_null(strstr(daemon_wait_event(daemon, "stopping"), " signal=SIGTERM"));
	assert_int_equal(daemon_exit_status(daemon), 0);
	assert_null(strstr(daemon_log(daemon), "event=ready"));
	expect_clean_end(daemon);
}
