/*
 * A unit of systemd can make a directory read-only, or hide it, and the system call that fails says
 * nothing of it. So the words that go with the error name the setting of the unit.
 */
#include "sandbox.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What the unit that comes with the program hides, and by which setting. */
static const struct hidden {
	const char *directory;
	const char *setting;
} hidden[] = {
	{"/home/", "ProtectHome"},
	{"/root/", "ProtectHome"},
	{"/run/user/", "ProtectHome"},
	{"/tmp/", "PrivateTmp"},
	{"/var/tmp/", "PrivateTmp"},
};

/* systemd tells its services so. */
static bool is_service(void)
{
	return getenv("INVOCATION_ID") != NULL;
}

/* The unit's own directory, which its sandbox leaves open. */
static bool is_state_directory(const char *directory)
{
	const char *own = getenv("STATE_DIRECTORY");

	return own != NULL && strcmp(own, directory) == 0;
}

char *sandbox_hint(const char *directory, int error)
{
	if (!is_service())
		return memory_printf("%s", "");
	if (error == EROFS && is_state_directory(directory))
		return memory_printf(
			"; its unit lets it write there: the disk is mounted read-only, "
			"or a link leads elsewhere");
	if (error == EROFS)
		return memory_printf(
			"; a drop-in for its unit with ReadWritePaths=%s lets it write "
			"there (see SYSTEMD in rollcall(8))",
			directory);
	bool may_be_hidden = error == ENOENT || error == EACCES;
	for (size_t i = 0; may_be_hidden && i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		const char *name = hidden[i].directory;
		if (strncmp(directory, name, strlen(name)) == 0)
			return memory_printf(
				"; %s= of its unit hides what is in %s", hidden[i].setting, name);
	}
	return memory_printf("%s", "");
}
