#ifndef ROLLCALL_TESTS_SUPPORT_PROTOCOL_DAEMON_H
#define ROLLCALL_TESTS_SUPPORT_PROTOCOL_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

/*
 * Runs the real program for one test: in a temporary directory of its own, with its socket and its
 * data there and its log read through a pipe. It dies with the test at the latest. Which program it
 * is says the environment: ROLLCALL is the path of the executable.
 *
 * A test ends with daemon_finish(), which checks that the program ends cleanly and removes the
 * directory. What a failed test has left over, daemon_clean_up() ends; that directory is kept, and
 * its path and the log are printed.
 */
struct daemon;

#define DAEMON_MOST_OPTIONS 24

/* Which listening socket the program is started with. */
enum daemon_socket {
	DAEMON_OWN_SOCKET,   /* none: it makes one */
	DAEMON_DESCRIPTOR_0, /* `listener` as descriptor 0, as spawn-fcgi does */
	DAEMON_LISTEN_FDS,   /* `listener` as descriptor 3, as systemd does */
};

struct daemon_setup {
	const char *options[DAEMON_MOST_OPTIONS]; /* more of them, up to the first NULL */
	const char *environment; /* the variable of the executable; NULL: "ROLLCALL" */
	const char *listen;      /* --listen; NULL: a unix socket in its directory */
	const char *data;        /* --data; NULL: in its directory */
	unsigned users;          /* with long names, who are in the list of its directory */
	enum daemon_socket socket;
	int listener;
	pid_t listen_pid;        /* LISTEN_PID; 0: that of the program, as it should be */
	unsigned leaked;         /* open descriptors that it inherits for nothing */
	rlim_t descriptors;      /* RLIMIT_NOFILE; 0: as it is */
	rlim_t soft_descriptors; /* of that the soft limit; 0: the same */
	int early_signal;        /* comes before its first instruction; 0: none does */
	int errors; /* its standard error, for daemon_launch(); 0: the pipe of the log */
};

/* Starts it and waits until it listens. */
struct daemon *daemon_start(const struct daemon_setup *setup);

/* Starts it and does not wait. */
struct daemon *daemon_launch(const struct daemon_setup *setup);

/* Where it listens, as its event `ready` says. */
const char *daemon_address(const struct daemon *daemon);

/* Paths in its directory. */
const char *daemon_socket_path(const struct daemon *daemon);
const char *daemon_data_path(const struct daemon *daemon);

pid_t daemon_pid(const struct daemon *daemon);

/* Reads its log up to the next line with that event and returns the line. Fails the test if the log
 * ends before. */
const char *daemon_wait_event(struct daemon *daemon, const char *event);

/* Reads its log to the end and returns all of it. */
const char *daemon_log(struct daemon *daemon);

/* Reads what there is of its log now. For tests that keep it busy for long before they wait for an
 * event: it drops lines rather than wait for their reader. */
void daemon_keep_up(struct daemon *daemon);

void daemon_signal(struct daemon *daemon, int signal);

/* Has it stand still, as in a frozen cgroup or on a paused machine, and go on. */
void daemon_freeze(struct daemon *daemon);
void daemon_thaw(struct daemon *daemon);

/* Waits until it has ended by itself: its exit status, or the negative number of the signal that
 * ended it. */
int daemon_exit_status(struct daemon *daemon);

/* Its exit status after SIGTERM, which is sent if it has not been told to stop yet: a second signal
 * means another thing. */
int daemon_stop(struct daemon *daemon);

/* The test has passed: daemon_stop(), and expects exit status 0 and a log that ends with
 * event=stopped. */
void daemon_finish(struct daemon *daemon);

/* The same for one that was meant to end in another way: only the directory is removed. */
void daemon_discard(struct daemon *daemon);

/* cmocka set-up (`*state` is a struct daemon_setup, then the daemon) and tear-down of a test. */
int daemon_set_up(void **state);
int daemon_clean_up(void **state);

/* A test of a running daemon, started with the options behind the name (test.h). */
#define DAEMON_TEST(name, ...)                                                                     \
	static struct daemon_setup setup_##name = {.options = {__VA_ARGS__}};                      \
	TEST_GIVEN(struct daemon, daemon, daemon_set_up, daemon_clean_up, &setup_##name, name)

/* One that starts its own, and leaves it in `*state`. */
#define DAEMON_TEST_BARE(name) TEST_WITH(NULL, daemon_clean_up, name)

#endif
