/* What systemd would be told: ready, alive, stopping. */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "protocol/protocol.h"
#include "support/disk/held_disk.h"
#include "support/temporary_directory.h"

/* A service manager: the socket it is told on, and what was told last. */
struct manager {
	struct temporary_directory directory;
	int socket;
	char told[512];
};

static void open_manager(struct manager *manager, const char *watchdog)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	temporary_directory_make(&manager->directory);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", manager->directory.path);
	manager->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(manager->socket >= 0);
	assert_int_equal(bind(manager->socket, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	if (watchdog != NULL)
		setenv("WATCHDOG_USEC", watchdog, 1);
}

static void close_manager(struct manager *manager)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	close(manager->socket);
	temporary_directory_remove(&manager->directory);
}

static const char *receive_told(struct manager *manager)
{
	patience_poll(manager->socket, POLLIN, patience_begin(), "what systemd is told");
	ssize_t length = recv(manager->socket, manager->told, sizeof(manager->told) - 1, 0);
	assert_true(length > 0);
	manager->told[length] = '\0';
	return manager->told;
}

/* But for how much there is to do, which comes every ten seconds. */
static const char *wait_told(struct manager *manager)
{
	while (strncmp(receive_told(manager), "STATUS=Listening", 16) == 0)
		continue;
	return manager->told;
}

DAEMON_TEST_BARE(ready_and_stopping)
{
	struct manager manager;

	open_manager(&manager, NULL);
	struct daemon *daemon = daemon_start(&(struct daemon_setup){0});
	assert_non_null(strstr(wait_told(&manager), "READY=1\nSTATUS=Listening on unix:"));
	daemon_signal(daemon, SIGTERM);
	/* Its own deadline for a stop and ten seconds for the disk, whatever that of the unit is.
	 */
	assert_non_null(strstr(wait_told(&manager), "STOPPING=1\nEXTEND_TIMEOUT_USEC=18000000\n"));
	daemon_finish(daemon);
	close_manager(&manager);
}

/* A list that was there before is read, and somebody waits for that. */
DAEMON_TEST_BARE(opening_a_list)
{
	struct temporary_directory data;
	struct manager manager;

	temporary_directory_make(&data);
	daemon_finish(daemon_start(&(struct daemon_setup){.data = data.path}));
	open_manager(&manager, NULL);
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.data = data.path});
	assert_string_equal(wait_told(&manager),
		"EXTEND_TIMEOUT_USEC=300000000\nSTATUS=Reading users.log: 100 %");
	/* On a slow machine it may have more to say. */
	while (strstr(wait_told(&manager), "READY=1\n") == NULL)
		assert_non_null(strstr(manager.told, "EXTEND_TIMEOUT_USEC="));
	daemon_finish(daemon);
	close_manager(&manager);
	temporary_directory_remove(&data);
}

/* After ten seconds, since there is another user then. */
DAEMON_TEST_BARE(load)
{
	struct manager manager;
	struct buffer records = {0};

	open_manager(&manager, NULL);
	struct daemon *daemon = daemon_start(&(struct daemon_setup){0});
	assert_non_null(strstr(wait_told(&manager), "; 0 users, 0 sign-ups in the last minute, "));
	struct fcgi_client *client = client_open(daemon_address(daemon));
	records_sign_up(&records, "user", 1);
	client_send(client, &records);
	assert_int_equal(client_read_answer(client, 1)->status, 303);
	receive_told(&manager);
	assert_ptr_equal(strstr(manager.told, "STATUS=Listening on unix:"), manager.told);
	assert_non_null(strstr(manager.told, "; 1 user, 1 sign-up in the last minute, loop "));
	client_close(client);
	buffer_free(&records);
	daemon_finish(daemon);
	close_manager(&manager);
}

DAEMON_TEST_BARE(reloading)
{
	struct manager manager;

	open_manager(&manager, NULL);
	struct daemon *daemon = daemon_start(&(struct daemon_setup){0});
	assert_non_null(strstr(wait_told(&manager), "READY=1\n"));
	daemon_signal(daemon, SIGHUP);
	uint64_t microseconds;
	assert_int_equal(
		sscanf(wait_told(&manager), "RELOADING=1\nMONOTONIC_USEC=%" SCNu64, &microseconds),
		1);
	assert_true(microseconds > 0);
	assert_non_null(strstr(wait_told(&manager), "READY=1\nSTATUS=Listening on unix:"));
	daemon_finish(daemon);
	close_manager(&manager);
}

DAEMON_TEST_BARE(watchdog)
{
	struct manager manager;

	open_manager(&manager, "100000");
	struct daemon *daemon = daemon_start(&(struct daemon_setup){0});
	assert_non_null(strstr(wait_told(&manager), "READY=1\n"));
	for (int i = 0; i < 3; i++)
		assert_string_equal(wait_told(&manager), "WATCHDOG=1");
	daemon_signal(daemon, SIGTERM);
	/* Nobody is told twice, and the timer does not keep it alive. */
	while (strstr(wait_told(&manager), "STOPPING=1\n") == NULL)
		assert_string_equal(manager.told, "WATCHDOG=1");
	daemon_finish(daemon);
	close_manager(&manager);
}

static void expect_told(struct manager *manager, const char *what)
{
	if (strstr(wait_told(manager), what) == NULL)
		fail_msg("not told '%s', but: %s", what, manager->told);
}

static void write_settings(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* Why the settings are the old ones stays to be seen until they are not. */
DAEMON_TEST_BARE(reloading_what_is_wrong)
{
	struct manager manager;
	char path[256];

	open_manager(&manager, NULL);
	snprintf(path, sizeof(path), "%s/settings", manager.directory.path);
	write_settings(path, "");
	struct daemon *daemon = daemon_start(&(struct daemon_setup){.options = {"--config", path}});
	expect_told(&manager, "READY=1\n");
	write_settings(path, "ROLLCALL_PAGE_SIZE=0\n");
	daemon_signal(daemon, SIGHUP);
	expect_told(&manager, "RELOADING=1\n");
	expect_told(&manager, "STATUS=Listening on unix:");
	assert_non_null(strstr(manager.told, "; the settings are the old ones: "));
	assert_non_null(strstr(manager.told, "ROLLCALL_PAGE_SIZE: '0': expected a whole number"));
	write_settings(path, "ROLLCALL_PAGE_SIZE=1\n");
	daemon_signal(daemon, SIGHUP);
	expect_told(&manager, "RELOADING=1\n");
	expect_told(&manager, "READY=1\nSTATUS=Listening on unix:");
	assert_null(strstr(manager.told, "old ones"));
	daemon_finish(daemon);
	assert_int_equal(unlink(path), 0);
	close_manager(&manager);
}

/* The file may have changed since it was read: a signal that comes meanwhile has it read again. */
DAEMON_TEST_BARE(a_signal_while_settings_are_read)
{
	struct manager manager;
	struct held_disk disk;
	struct buffer records = {0};

	open_manager(&manager, NULL);
	struct daemon *daemon = held_disk_start(&disk,
		&(struct daemon_setup){.options = {"--config", "-/nowhere", "--workers", "1"}});
	expect_told(&manager, "READY=1\n");
	struct fcgi_client *creator = client_open(daemon_address(daemon));
	held_disk_begin(&disk);
	records_sign_up(&records, "user", 1);
	client_send(creator, &records);
	/* The one worker is busy now. */
	held_disk_wait(&disk);
	daemon_signal(daemon, SIGHUP);
	expect_told(&manager, "RELOADING=1");
	daemon_signal(daemon, SIGHUP);
	for (int i = 0; i < 20; i++)
		client_expect_served(daemon_address(daemon));
	held_disk_end(&disk);
	expect_told(&manager, "READY=1");
	expect_told(&manager, "RELOADING=1");
	expect_told(&manager, "READY=1");
	assert_int_equal(client_read_answer(creator, 1)->status, 303);
	client_close(creator);
	buffer_free(&records);
	daemon_finish(daemon);
	held_disk_remove(&disk);
	close_manager(&manager);
}

/* Why it did not start is what systemd shows of it. */
DAEMON_TEST_BARE(refused)
{
	struct manager manager;

	open_manager(&manager, NULL);
	struct daemon *daemon =
		daemon_launch(&(struct daemon_setup){.options = {"--page-size", "0"}});
	expect_told(&manager, "STATUS=--page-size: '0': expected a whole number from 1 to 500\n"
			      "ERRNO=22");
	assert_int_equal(daemon_exit_status(daemon), 2);
	daemon_discard(daemon);
	daemon = daemon_launch(&(struct daemon_setup){.data = "/nowhere"});
	expect_told(&manager, "STATUS=there is no data directory /nowhere: No such file or "
			      "directory\nERRNO=2");
	assert_int_equal(daemon_exit_status(daemon), EX_NOINPUT);
	daemon_discard(daemon);
	daemon = daemon_launch(&(struct daemon_setup){.descriptors = 12});
	expect_told(&manager, "are needed\nERRNO=0");
	assert_int_equal(daemon_exit_status(daemon), EX_OSERR);
	daemon_discard(daemon);
	close_manager(&manager);
}
