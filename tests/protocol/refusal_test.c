/* A start that is refused, with a socket that systemd holds: what waits there is turned away. */
#include "protocol/protocol.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "support/temporary_directory.h"

/* A listening socket, as systemd has it, and its address. */
struct holder {
	struct temporary_directory directory;
	int listening;
	char address[128];
};

static void open_holder(struct holder *holder)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	temporary_directory_make(&holder->directory);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/held", holder->directory.path);
	snprintf(holder->address, sizeof(holder->address), "unix:%s", address.sun_path);
	holder->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(holder->listening >= 0);
	assert_int_equal(bind(holder->listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(holder->listening, 64), 0);
}

static void close_holder(struct holder *holder)
{
	close(holder->listening);
	temporary_directory_remove(&holder->directory);
}

static struct daemon *launch_refused(const struct holder *holder)
{
	return daemon_launch(&(struct daemon_setup){.options = {"--page-size", "0"},
		.socket = DAEMON_LISTEN_FDS,
		.listener = holder->listening});
}

DAEMON_TEST_BARE(nobody_waits)
{
	struct holder holder;

	open_holder(&holder);
	struct daemon *daemon = launch_refused(&holder);
	assert_int_equal(daemon_exit_status(daemon), 2);
	assert_non_null(strstr(daemon_log(daemon), "rollcall: --page-size: '0': expected"));
	daemon_discard(daemon);
	close_holder(&holder);
}

#define WAITING 40

/* Clients that wait already, and clients that come while it is at it. It ends by itself. */
DAEMON_TEST_BARE(connections_are_turned_away)
{
	struct fcgi_client *waiting[WAITING];
	struct holder holder;

	open_holder(&holder);
	for (size_t i = 0; i < WAITING; i++)
		waiting[i] = client_open(holder.address);
	struct daemon *daemon = launch_refused(&holder);
	for (size_t i = 0; i < WAITING; i++) {
		client_expect_closed(waiting[i]);
		client_close(waiting[i]);
	}
	struct fcgi_client *late = client_open(holder.address);
	client_expect_closed(late);
	client_close(late);
	assert_int_equal(daemon_exit_status(daemon), 2);
	daemon_discard(daemon);
	close_holder(&holder);
}

/* An operator who has corrected the setting need not wait until the refusing ends. */
DAEMON_TEST_BARE(a_signal_ends_it)
{
	struct holder holder;

	open_holder(&holder);
	struct fcgi_client *client = client_open(holder.address);
	struct daemon *daemon = launch_refused(&holder);
	client_expect_closed(client);
	client_close(client);
	daemon_signal(daemon, SIGTERM);
	assert_int_equal(daemon_exit_status(daemon), -SIGTERM);
	daemon_discard(daemon);
	close_holder(&holder);
}

/* The same for a refusal that comes later: the list is another process's. */
DAEMON_TEST(the_store_refuses, NULL)
{
	struct holder holder;

	open_holder(&holder);
	struct fcgi_client *client = client_open(holder.address);
	struct daemon *refused =
		daemon_launch(&(struct daemon_setup){.data = daemon_data_path(daemon),
			.socket = DAEMON_LISTEN_FDS,
			.listener = holder.listening});
	client_expect_closed(client);
	client_close(client);
	assert_int_equal(daemon_exit_status(refused), EX_TEMPFAIL);
	daemon_discard(refused);
	close_holder(&holder);
	daemon_finish(daemon);
}
