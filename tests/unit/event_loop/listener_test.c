#include "event_loop/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_directory.h"
#include "support/test.h"
#include "support/unit/flat_file.h"

#define PATH_MOST (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)

/* Where a test puts its sockets. */
struct place {
	struct temporary_directory directory;
	char path[96]; /* of a socket in it */
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	temporary_directory_make(&place->directory);
	snprintf(place->path, sizeof(place->path), "%s/socket", place->directory.path);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	temporary_directory_remove(&place->directory);
	free(place);
	return 0;
}

static const char *socket_path(void **state)
{
	return ((struct place *)*state)->path;
}

static void expect_address(const char *address)
{
	struct reason reason;

	if (listener_check(address, &reason) != RESULT_OK)
		fail_msg("%s is refused: %s", address, reason.text);
}

/* Refused when it is looked at, and in the same words when it is to be used. */
static void expect_no_address(const char *address, const char *wanted)
{
	struct listener listener;
	struct reason reason = {0};

	if (listener_check(address, &reason) != RESULT_MALFORMED)
		fail_msg("%s is taken", address);
	assert_string_equal(reason.text, wanted);
	reason = (struct reason){0};
	assert_int_equal(listener_create(&listener, address, &reason), RESULT_MALFORMED);
	assert_string_equal(reason.text, wanted);
	assert_int_equal(listener.descriptor, -1);
}

static void create(struct listener *listener, const char *address)
{
	struct reason reason;

	if (listener_create(listener, address, &reason) != RESULT_OK)
		fail_msg("%s: %s", address, reason.text);
	assert_true(listener->descriptor >= 0);
	assert_true(fcntl(listener->descriptor, F_GETFD) & FD_CLOEXEC);
}

static void expect_failure(const char *address, enum result result, const char *wanted)
{
	struct listener listener;
	struct reason reason = {0};

	assert_int_equal(listener_create(&listener, address, &reason), result);
	assert_string_equal(reason.text, wanted);
	assert_string_equal(listener.path, "");
}

static void put_away(struct listener *listener)
{
	listener_unlink(listener);
	close(listener->descriptor);
}

static bool exists(const char *path)
{
	struct stat file;

	return lstat(path, &file) == 0;
}

/* Whether somebody accepts, and it is this listener. */
static void expect_reached(
	const struct listener *listener, const struct sockaddr *address, socklen_t length)
{
	char byte = 0;
	int client = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(client >= 0);
	assert_int_equal(connect(client, address, length), 0);
	int server = accept(listener->descriptor, NULL, NULL);
	assert_true(server >= 0);
	assert_int_equal(write(client, "x", 1), 1);
	assert_int_equal(read(server, &byte, 1), 1);
	assert_int_equal(byte, 'x');
	close(server);
	close(client);
}

static void unix_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	assert_true(strlen(path) <= PATH_MOST);
	memcpy(address->sun_path, path, strlen(path) + 1);
}

static void expect_reached_at(const struct listener *listener, const char *path)
{
	struct sockaddr_un address;

	unix_address(&address, path);
	expect_reached(listener, (struct sockaddr *)&address, sizeof(address));
}

/* A socket that is bound by somebody else; `backlog` < 0: nobody listens on it. */
static int bind_other(const char *path, int backlog)
{
	struct sockaddr_un address;
	int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	unix_address(&address, path);
	assert_true(other >= 0);
	assert_int_equal(bind(other, (struct sockaddr *)&address, sizeof(address)), 0);
	if (backlog >= 0)
		assert_int_equal(listen(other, backlog), 0);
	return other;
}

TEST_WITH(set_up, tear_down, addresses)
{
	expect_address("/run/rollcall.sock");
	expect_address("unix:/run/rollcall.sock");
	expect_address("rollcall.sock");
	expect_address("unix:rollcall.sock");
	expect_address("tcp:127.0.0.1:0");
	expect_address("tcp:0.0.0.0:65535");
	expect_address("tcp:[::1]:9000");
	expect_address("tcp:[::ffff:127.0.0.1]:9000");
}

TEST_WITH(set_up, tear_down, no_tcp_addresses)
{
	static const char *const addresses[] = {"tcp:", "tcp:9000", "tcp::9000", "tcp:127.0.0.1",
		"tcp:127.0.0.1:", "tcp:127.0.0.1:65536", "tcp:127.0.0.1:99999999",
		"tcp:127.0.0.1:00000000", "tcp:127.0.0.1:-1", "tcp:127.0.0.1:+1",
		"tcp:127.0.0.1:1x", "tcp:127.0.0.1:1 ", "tcp:127.0.0.1:http", "tcp:127.0.0.1: 1",
		"tcp: 127.0.0.1:1", "tcp:127.0.0.1:80:80", "tcp:127.0.0.1:80 :80",
		"tcp:256.0.0.1:1", "tcp:localhost:1", "tcp:*:1", "tcp:::1:80", "tcp:[]:80",
		"tcp:[::1]", "tcp:[::1]:", "tcp:[::1:80", "tcp:[::1]80", "tcp:[::1]:65536",
		"tcp:[::1]:80:80", "tcp:[::1]:80x:80", "tcp:[::1::]:80", "tcp:[12345::]:80"};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		expect_no_address(addresses[i], "expected tcp:ADDRESS:PORT with a numeric address "
						"and a port from 0 to 65535");
}

TEST_WITH(set_up, tear_down, path_lengths)
{
	static const char reason[] = "the path of a unix socket has 1 to 107 bytes";
	char address[256] = "unix:/";

	memset(address + strlen(address), 'x', PATH_MOST - 1);
	expect_address(address);
	expect_address(address + strlen("unix:"));
	address[strlen(address)] = 'x';
	expect_no_address(address, reason);
	expect_no_address(address + strlen("unix:"), reason);
	expect_no_address("", reason);
	expect_no_address("unix:", reason);
}

TEST_WITH(set_up, tear_down, unix)
{
	struct listener listener;
	struct stat file;
	char address[128];
	mode_t before = umask(0022);

	snprintf(address, sizeof(address), "unix:%s", socket_path(state));
	create(&listener, address);
	assert_int_equal(umask(before), 0022);
	assert_false(listener.is_tcp);
	assert_string_equal(listener.address, address);
	assert_string_equal(listener.path, socket_path(state));
	assert_int_equal(lstat(socket_path(state), &file), 0);
	assert_int_equal(file.st_mode, S_IFSOCK | 0660);
	expect_reached_at(&listener, socket_path(state));
	put_away(&listener);
	assert_false(exists(socket_path(state)));
}

TEST_WITH(set_up, tear_down, path_without_scheme)
{
	struct listener listener;
	char address[128];

	snprintf(address, sizeof(address), "unix:%s", socket_path(state));
	create(&listener, socket_path(state));
	assert_string_equal(listener.address, address);
	put_away(&listener);
}

TEST_WITH(set_up, tear_down, the_longest_path)
{
	struct listener listener;
	char path[PATH_MOST + 1] = "", address[128];

	snprintf(path, sizeof(path), "%s", socket_path(state));
	memset(path + strlen(path), 'x', PATH_MOST - strlen(path));
	snprintf(address, sizeof(address), "unix:%s", path);
	create(&listener, path);
	assert_string_equal(listener.address, address);
	expect_reached_at(&listener, path);
	put_away(&listener);
	assert_false(exists(path));
}

/* As a process that was killed leaves it. */
TEST_WITH(set_up, tear_down, stale_socket_is_replaced)
{
	struct listener listener;

	close(bind_other(socket_path(state), 1));
	assert_true(exists(socket_path(state)));
	create(&listener, socket_path(state));
	expect_reached_at(&listener, socket_path(state));
	put_away(&listener);
}

TEST_WITH(set_up, tear_down, live_socket_is_refused)
{
	struct listener first;
	char wanted[512];

	snprintf(wanted, sizeof(wanted), "another process is listening on %s", socket_path(state));
	create(&first, socket_path(state));
	expect_failure(socket_path(state), RESULT_BUSY, wanted);
	assert_int_equal(close(accept(first.descriptor, NULL, NULL)), 0); /* the question */
	expect_reached_at(&first, socket_path(state));
	put_away(&first);
}

/* Where it cannot take another connection it is still there. */
TEST_WITH(set_up, tear_down, busy_socket_is_refused)
{
	struct sockaddr_un address;
	char wanted[512];
	int busy = bind_other(socket_path(state), 0), clients[8], count = 0;

	unix_address(&address, socket_path(state));
	do {
		assert_in_range(count, 0, 7);
		clients[count] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	} while (connect(clients[count++], (struct sockaddr *)&address, sizeof(address)) == 0);
	assert_int_equal(errno, EAGAIN);
	snprintf(wanted, sizeof(wanted), "another process is listening on %s", socket_path(state));
	expect_failure(socket_path(state), RESULT_BUSY, wanted);
	assert_true(exists(socket_path(state)));
	while (count > 0)
		close(clients[--count]);
	close(busy);
}

static void expect_left_alone(void **state)
{
	char wanted[512];
	struct stat before, after;

	snprintf(wanted, sizeof(wanted), "cannot listen on %s: it is there, and is not a socket",
		socket_path(state));
	assert_int_equal(lstat(socket_path(state), &before), 0);
	expect_failure(socket_path(state), RESULT_SYSTEM, wanted);
	assert_int_equal(lstat(socket_path(state), &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
}

TEST_WITH(set_up, tear_down, what_is_no_socket_is_left_alone)
{
	struct buffer bytes = {0};

	flat_file_write(socket_path(state), "precious", 8);
	expect_left_alone(state);
	flat_file_read(socket_path(state), &bytes);
	assert_int_equal(bytes.length, 8);
	assert_memory_equal(bytes.bytes, "precious", 8);
	buffer_free(&bytes);
	assert_int_equal(unlink(socket_path(state)), 0);

	assert_int_equal(mkdir(socket_path(state), 0700), 0);
	expect_left_alone(state);
	assert_int_equal(rmdir(socket_path(state)), 0);

	assert_int_equal(symlink("nowhere", socket_path(state)), 0);
	expect_left_alone(state);
}

TEST_WITH(set_up, tear_down, no_directory)
{
	char path[128];
	char wanted[512];

	snprintf(path, sizeof(path), "%s.d/socket", socket_path(state));
	snprintf(wanted, sizeof(wanted), "cannot listen on %s: %s", path, strerror(ENOENT));
	expect_failure(path, RESULT_SYSTEM, wanted);
}

/* A successor has taken the path over meanwhile. */
TEST_WITH(set_up, tear_down, the_path_of_another_is_not_unlinked)
{
	struct listener first, second;

	create(&first, socket_path(state));
	assert_int_equal(unlink(socket_path(state)), 0);
	create(&second, socket_path(state));
	put_away(&first);
	assert_true(exists(socket_path(state)));
	expect_reached_at(&second, socket_path(state));
	put_away(&second);
	assert_false(exists(socket_path(state)));
}

TEST_WITH(set_up, tear_down, unlinked_once)
{
	struct listener listener;

	create(&listener, socket_path(state));
	listener_unlink(&listener);
	assert_false(exists(socket_path(state)));
	flat_file_write(socket_path(state), "", 0);
	put_away(&listener);
	assert_true(exists(socket_path(state)));
}

TEST_WITH(set_up, tear_down, somebody_else_has_unlinked)
{
	struct listener listener;

	create(&listener, socket_path(state));
	assert_int_equal(unlink(socket_path(state)), 0);
	put_away(&listener);
}

/* How many connect, one after the other, until one would have to wait. They are closed at once, and
 * stay in the queue. */
static size_t fill_queue(const char *path, size_t most)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t count = 0;
	int connected = 0;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	while (count < most && connected == 0) {
		int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		assert_true(client >= 0);
		connected = connect(client, (struct sockaddr *)&address, sizeof(address));
		assert_true(connected == 0 || errno == EAGAIN);
		count += connected == 0;
		close(client);
	}
	return count;
}

/* The queue holds more than may be connected at once, as far as the system lets it. */
TEST_WITH(set_up, tear_down, the_queue)
{
	FILE *file = fopen("/proc/sys/net/core/somaxconn", "r");
	struct listener listener;
	unsigned long most = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &most), 1);
	fclose(file);
	size_t wanted = most < 4096 ? most : 4096;
	create(&listener, socket_path(state));
	assert_in_range(fill_queue(socket_path(state), 2 * wanted), wanted, wanted + 1);
	close(listener.descriptor);
	listener_unlink(&listener);
}

TEST_WITH(set_up, tear_down, tcp)
{
	struct listener listener;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char again[64];
	char wanted[512];
	unsigned port = 0;

	create(&listener, "tcp:127.0.0.1:0");
	assert_true(listener.is_tcp);
	assert_string_equal(listener.path, "");
	assert_int_equal(sscanf(listener.address, "tcp:127.0.0.1:%u", &port), 1);
	assert_in_range(port, 1, 65535);
	snprintf(again, sizeof(again), "tcp:127.0.0.1:%u", port);
	assert_string_equal(listener.address, again);
	address.sin_port = htons((uint16_t)port);
	expect_reached(&listener, (struct sockaddr *)&address, sizeof(address));
	snprintf(wanted, sizeof(wanted), "cannot listen on %s: %s", again, strerror(EADDRINUSE));
	expect_failure(again, RESULT_SYSTEM, wanted);
	put_away(&listener);
}

static bool has_ipv6(void)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool bound = probe >= 0 && bind(probe, (struct sockaddr *)&address, sizeof(address)) == 0;

	if (probe >= 0)
		close(probe);
	return bound;
}

TEST_WITH(set_up, tear_down, ipv6)
{
	struct listener listener;
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	unsigned port = 0;

	if (!has_ipv6())
		skip_because("there is no IPv6 here");
	create(&listener, "tcp:[::1]:0");
	assert_true(listener.is_tcp);
	assert_int_equal(sscanf(listener.address, "tcp:[::1]:%u", &port), 1);
	assert_in_range(port, 1, 65535);
	address.sin6_port = htons((uint16_t)port);
	expect_reached(&listener, (struct sockaddr *)&address, sizeof(address));
	put_away(&listener);
}

/* What a child found that was started with the socket; it tells by its exit status. */
enum finding { FOUND_NONE = 10, FOUND_AT_0, FOUND_AT_3, FOUND_NONSENSE };

/* With which descriptor, and which environment. */
struct start {
	int socket;
	int at;             /* 0, 3 */
	const char *fds;    /* LISTEN_FDS, or NULL */
	bool for_another;   /* LISTEN_PID is that of somebody else */
	const char *behind; /* what follows the number in LISTEN_PID, or NULL */
	const char *wanted; /* the address; NULL: it is not to be found */
};

static enum finding look(const struct start *start)
{
	struct listener listener;
	char pid[24];

	snprintf(pid, sizeof(pid), "%d%s", (int)(start->for_another ? getppid() : getpid()),
		start->behind != NULL ? start->behind : "");
	close(0);
	close(3);
	if (dup2(start->socket, start->at) != start->at)
		return FOUND_NONSENSE;
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	if (start->fds != NULL) {
		setenv("LISTEN_FDS", start->fds, 1);
		setenv("LISTEN_PID", pid, 1);
	}
	enum result result = listener_inherit(&listener);
	if (result == RESULT_UNAVAILABLE)
		return listener.descriptor == -1 ? FOUND_NONE : FOUND_NONSENSE;
	if (result != RESULT_OK || start->wanted == NULL ||
		strcmp(listener.address, start->wanted) != 0 || *listener.path != '\0' ||
		listener.is_tcp != (strncmp(start->wanted, "tcp:", 4) == 0) ||
		(fcntl(listener.descriptor, F_GETFD) & FD_CLOEXEC) == 0)
		return FOUND_NONSENSE;
	listener_unlink(&listener);
	return listener.descriptor == 0 ? FOUND_AT_0 : FOUND_AT_3;
}

/* The socket comes from above what the child puts it on. */
static void expect_found(const struct start *start, enum finding wanted)
{
	struct start moved = *start;
	int status;

	moved.socket = fcntl(start->socket, F_DUPFD_CLOEXEC, 10);
	assert_true(moved.socket >= 10);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		test_leave((int)look(&moved));
	close(moved.socket);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), wanted);
}

#define EXPECT_FOUND(finding, ...) expect_found(&(struct start){__VA_ARGS__}, finding)

TEST_WITH(set_up, tear_down, inherited)
{
	struct listener made;

	create(&made, socket_path(state));
	const char *wanted = made.address;
	int from = made.descriptor;
	EXPECT_FOUND(FOUND_AT_0, from, .at = 0, .wanted = wanted);
	EXPECT_FOUND(FOUND_AT_3, from, .at = 3, .fds = "1", .wanted = wanted);
	EXPECT_FOUND(FOUND_AT_3, from, .at = 3, .fds = "2", .wanted = wanted);
	/* The process that made the socket removes its path. */
	expect_reached_at(&made, socket_path(state));
	put_away(&made);
}

TEST_WITH(set_up, tear_down, inherited_tcp)
{
	struct listener made;

	create(&made, "tcp:127.0.0.1:0");
	EXPECT_FOUND(FOUND_AT_0, made.descriptor, .at = 0, .wanted = made.address);
	put_away(&made);
}

/* Variables that were meant for another process, or for none. */
TEST_WITH(set_up, tear_down, not_for_this_process)
{
	struct listener made;

	create(&made, socket_path(state));
	const char *wanted = made.address;
	int from = made.descriptor;
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .wanted = wanted);
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .fds = "0", .wanted = wanted);
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .fds = "", .wanted = wanted);
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .fds = "1x", .wanted = wanted);
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .fds = " 1", .wanted = wanted);
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .fds = "1", .behind = "x", .wanted = wanted);
	EXPECT_FOUND(FOUND_NONE, from, .at = 3, .fds = "1", .for_another = true, .wanted = wanted);
	EXPECT_FOUND(FOUND_AT_0, from, .at = 0, .fds = "1", .for_another = true, .wanted = wanted);
	put_away(&made);
}

TEST_WITH(set_up, tear_down, descriptors_that_do_not_listen)
{
	int pair[2], datagram = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int file = open("/dev/null", O_RDWR | O_CLOEXEC);
	int bound = bind_other(socket_path(state), -1);

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	EXPECT_FOUND(FOUND_NONE, file, .at = 0);
	EXPECT_FOUND(FOUND_NONE, datagram, .at = 0);
	EXPECT_FOUND(FOUND_NONE, pair[0], .at = 0);
	EXPECT_FOUND(FOUND_NONE, bound, .at = 0);
	EXPECT_FOUND(FOUND_NONE, file, .at = 3, .fds = "1");
	close(pair[0]);
	close(pair[1]);
	close(datagram);
	close(file);
	close(bound);
}
