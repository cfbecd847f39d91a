#include "event_loop/systemd.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/temporary_directory.h"
#include "support/test.h"

/* What comes of it is there when it returns. */
static void expect_told(int manager, uint64_t moved, uint64_t size, const char *expected)
{
	char told[256];

	systemd_opening(moved, size);
	ssize_t length = recv(manager, told, sizeof(told) - 1, MSG_DONTWAIT);
	assert_true(length > 0);
	told[length] = '\0';
	assert_string_equal(told, expected);
}

/* Reading a large file gets more time from systemd, and reports how far it is. */
TEST(opening)
{
	struct temporary_directory directory;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	temporary_directory_make(&directory);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", directory.path);
	assert_int_equal(bind(manager, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	expect_told(
		manager, 50, 200, "EXTEND_TIMEOUT_USEC=300000000\nSTATUS=Reading users.log: 25 %");
	expect_told(manager, 200, 200,
		"EXTEND_TIMEOUT_USEC=300000000\nSTATUS=Reading users.log: 100 %");
	expect_told(manager, 300, 200,
		"EXTEND_TIMEOUT_USEC=300000000\nSTATUS=Writing users.log anew: 25 %");
	expect_told(manager, 601, 200,
		"EXTEND_TIMEOUT_USEC=300000000\nSTATUS=Writing users.log anew: 100 %");
	unsetenv("NOTIFY_SOCKET");
	systemd_opening(1, 2); /* nobody is there to be told */
	assert_int_equal(recv(manager, &address, 1, MSG_DONTWAIT), -1);
	close(manager);
	temporary_directory_remove(&directory);
}
