/* Where the program listens: sockets it makes, sockets it is given, and paths that are not free. */
#include "protocol/protocol.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#define LISTEN(address) (&(struct daemon_setup){.listen = (address)})

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static int bound(int family, const void *address, socklen_t length)
{
	int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(made >= 0);
	if (bind(made, address, length) == 0)
		return made;
	close(made);
	return -1;
}

static int unix_listener(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	assert_in_range(strlen(path), 1, sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, strlen(path));
	int made = bound(AF_UNIX, &address, sizeof(address));
	assert_true(made >= 0);
	assert_int_equal(listen(made, 16), 0);
	return made;
}

static int tcp_listener(void)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int made = bound(AF_INET, &address, sizeof(address));

	assert_true(made >= 0);
	assert_int_equal(listen(made, 16), 0);
	return made;
}

static bool has_ipv6(void)
{
	const struct sockaddr_in6 address = {
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int made = bound(AF_INET6, &address, sizeof(address));

	if (made >= 0)
		close(made);
	return made >= 0;
}

/* Expects that it does not start, with that status and a reason. */
static void expect_refused(const struct daemon_setup *setup, int status, const char *reason)
{
	struct daemon *daemon = daemon_launch(setup);

	assert_int_equal(daemon_exit_status(daemon), status);
	if (strstr(daemon_log(daemon), reason) == NULL)
		fail_msg("its reason does not say \"%s\"", reason);
	daemon_discard(daemon);
}

static void expect_serving(struct daemon *daemon, const char *address)
{
	assert_memory_equal(daemon_address(daemon), address, strlen(address));
	client_expect_served(daemon_address(daemon));
}

DAEMON_TEST(unix_path, NULL)
{
	struct stat status;

	assert_string_equal(daemon_address(daemon) + strlen("unix:"), daemon_socket_path(daemon));
	expect_serving(daemon, "unix:/");
	assert_int_equal(stat(daemon_socket_path(daemon), &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	assert_int_equal(status.st_mode & 07777, 0660);
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(tcp)
{
	struct daemon *daemon = daemon_start(LISTEN("tcp:127.0.0.1:0"));

	expect_serving(daemon, "tcp:127.0.0.1:");
	assert_null(strstr(daemon_address(daemon), ":0"));
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(tcp_over_ipv6)
{
	if (!has_ipv6())
		skip_because("there is no IPv6 here");
	struct daemon *daemon = daemon_start(LISTEN("tcp:[::1]:0"));
	expect_serving(daemon, "tcp:[::1]:");
	daemon_finish(daemon);
}

/* What is wrong in itself is told from what cannot be had now. */
/* FastCGI specification, section 3.2. */
DAEMON_TEST_BARE(tcp_from_listed_addresses)
{
	assert_int_equal(setenv("FCGI_WEB_SERVER_ADDRS", "192.0.2.1,127.0.0.1", 1), 0);
	test_tcp(state);
	assert_int_equal(unsetenv("FCGI_WEB_SERVER_ADDRS"), 0);
}

DAEMON_TEST_BARE(tcp_from_another_address)
{
	assert_int_equal(setenv("FCGI_WEB_SERVER_ADDRS", "192.0.2.1", 1), 0);
	struct daemon *daemon = daemon_start(LISTEN("tcp:127.0.0.1:0"));
	assert_int_equal(unsetenv("FCGI_WEB_SERVER_ADDRS"), 0);
	*state = daemon;
	struct fcgi_client *client = client_open(daemon_address(daemon));
	client_expect_closed(client);
	assert_non_null(strstr(daemon_wait_event(daemon, "peer-refused"), "address=127.0.0.1"));
	client_close(client);
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(addresses_that_are_none)
{
	static const char *const addresses[] = {"tcp:", "tcp::9000", "tcp:127.0.0.1",
		"tcp:127.0.0.1:", "tcp:127.0.0.1:65536", "tcp:127.0.0.1:http", "tcp:localhost:9000",
		"tcp:[::1]", "tcp:::1:9000", "tcp:127.0.0.1:9000x", "unix:", "",
		"unix:/a/path/that/is/longer/than/any/path/of/a/unix/socket/can/be/which/is/one/"
		"hundred/"
		"and/seven/bytes/and/not/more"};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		expect_refused(LISTEN(addresses[i]), 2, "listen");
}

DAEMON_TEST(second_instance_on_the_socket, NULL)
{
	expect_refused(LISTEN(daemon_socket_path(daemon)), EX_TEMPFAIL, daemon_socket_path(daemon));
	expect_serving(daemon, "unix:/");
	daemon_finish(daemon);
}

DAEMON_TEST_BARE(second_instance_on_the_port)
{
	struct daemon *daemon = daemon_start(LISTEN("tcp:127.0.0.1:0"));

	expect_refused(LISTEN(daemon_address(daemon)), EX_TEMPFAIL, daemon_address(daemon));
	expect_serving(daemon, "tcp:127.0.0.1:");
	daemon_finish(daemon);
}

/* The refusal names the process that holds it. */
DAEMON_TEST(second_instance_on_the_data, NULL)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", daemon_pid(daemon));
	expect_refused(&(struct daemon_setup){.data = daemon_data_path(daemon)}, EX_TEMPFAIL, pid);
	expect_serving(daemon, "unix:/");
	daemon_finish(daemon);
}

/* The socket of a program that was killed is left behind. */
DAEMON_TEST(stale_socket, NULL)
{
	struct daemon *killed = daemon;

	daemon_signal(killed, SIGKILL);
	assert_int_equal(daemon_exit_status(killed), -SIGKILL);
	assert_true(exists(daemon_socket_path(killed)));
	struct daemon *next = daemon_start(&(struct daemon_setup){
		.listen = daemon_socket_path(killed), .data = daemon_data_path(killed)});
	expect_serving(next, "unix:/");
	daemon_finish(next);
	assert_false(exists(daemon_socket_path(killed)));
	daemon_discard(killed);
}

/* Only sockets are replaced. */
DAEMON_TEST(path_of_a_file, NULL)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/users.log", daemon_data_path(daemon));
	assert_true(exists(path));
	expect_refused(LISTEN(path), EX_CANTCREAT, path);
	assert_true(exists(path));
	daemon_finish(daemon);
}

DAEMON_TEST(path_in_no_directory, NULL)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/missing/socket", daemon_data_path(daemon));
	expect_refused(LISTEN(path), EX_NOINPUT, path);
	daemon_finish(daemon);
}

/* A program that stops leaves the socket that its successor has put in the place of its own. */
DAEMON_TEST(successor_on_the_path, NULL)
{
	assert_int_equal(unlink(daemon_socket_path(daemon)), 0);
	struct daemon *next = daemon_start(LISTEN(daemon_socket_path(daemon)));
	assert_int_equal(daemon_stop(daemon), 0);
	expect_serving(next, "unix:/");
	daemon_finish(next);
	daemon_finish(daemon);
}

/* Started with a socket, it listens there and nowhere else. */
static void expect_inherited(struct daemon_setup setup, const char *address)
{
	struct daemon *daemon = daemon_start(&setup);

	close(setup.listener);
	expect_serving(daemon, address);
	assert_false(exists(daemon_socket_path(daemon)));
	daemon_finish(daemon);
}

/* In the directory of a program that is there for nothing else; the path is not the heir's to
 * remove. */
static void expect_inherited_unix(struct daemon *host, enum daemon_socket socket)
{
	char path[256], address[300];

	snprintf(path, sizeof(path), "%s/inherited", daemon_data_path(host));
	snprintf(address, sizeof(address), "unix:%s", path);
	expect_inherited(
		(struct daemon_setup){.socket = socket, .listener = unix_listener(path)}, address);
	assert_true(exists(path));
	assert_int_equal(unlink(path), 0);
	daemon_finish(host);
}

DAEMON_TEST(descriptor_0, NULL)
{
	expect_inherited_unix(daemon, DAEMON_DESCRIPTOR_0);
}

DAEMON_TEST(listen_fds, NULL)
{
	expect_inherited_unix(daemon, DAEMON_LISTEN_FDS);
}

DAEMON_TEST_BARE(descriptor_0_over_tcp)
{
	expect_inherited(
		(struct daemon_setup){.socket = DAEMON_DESCRIPTOR_0, .listener = tcp_listener()},
		"tcp:127.0.0.1:");
}

DAEMON_TEST_BARE(listen_fds_over_tcp)
{
	expect_inherited(
		(struct daemon_setup){.socket = DAEMON_LISTEN_FDS, .listener = tcp_listener()},
		"tcp:127.0.0.1:");
}

/* Variables that a parent was meant to use and has passed on. */
DAEMON_TEST_BARE(listen_fds_of_another_process)
{
	const struct daemon_setup setup = {
		.socket = DAEMON_LISTEN_FDS, .listener = tcp_listener(), .listen_pid = 1};
	struct daemon *daemon = daemon_start(&setup);

	close(setup.listener);
	expect_serving(daemon, "unix:/");
	daemon_finish(daemon);
}
