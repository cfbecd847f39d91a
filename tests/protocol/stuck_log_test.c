/* Standard error that takes nothing more: requests are answered all the same, and SIGTERM ends the
 * program. */
#include "protocol/protocol.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Many times as many lines as a pipe, a terminal or a socket holds. */
#define REQUESTS 6000

/* Reads up to the line that says where it listens, and nothing after it: a byte at a time. */
static void read_address(int reading, char address[static 128])
{
	char line[512];
	size_t length = 0;

	do {
		patience_poll(reading, POLLIN, patience_begin(), "event=ready");
		assert_int_equal(read(reading, line + length, 1), 1);
		assert_true(++length < sizeof(line));
	} while (line[length - 1] != '\n');
	line[length] = '\0';
	const char *found = strstr(line, " address=");
	assert_non_null(found);
	assert_int_equal(sscanf(found, " address=%127s", address), 1);
}

static void expect_not_stuck(int reading, int writing)
{
	char address[128];
	struct daemon *daemon = daemon_launch(&(struct daemon_setup){.errors = writing});

	close(writing);
	read_address(reading, address);
	struct fcgi_client *client = client_open(address);
	for (int i = 0; i < REQUESTS; i++)
		assert_int_equal(client_get(client, "/nothing"), 404);
	client_close(client);
	assert_int_equal(daemon_stop(daemon), 0);
	close(reading);
	daemon_discard(daemon);
}

DAEMON_TEST_BARE(a_pipe)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	expect_not_stuck(ends[0], ends[1]);
}

DAEMON_TEST_BARE(a_terminal)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	assert_true(terminal >= 0);
	assert_int_equal(grantpt(terminal), 0);
	assert_int_equal(unlockpt(terminal), 0);
	int errors = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(errors >= 0);
	expect_not_stuck(terminal, errors);
}

DAEMON_TEST_BARE(a_socket)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	expect_not_stuck(ends[0], ends[1]);
}
