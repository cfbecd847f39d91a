#include "support/unit/lock_waiter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define MOST_SECONDS 60

/* The kernel marks waiting processes with an arrow: "1: -> OFDLCK ADVISORY WRITE -1 08:01:42 0
 * EOF".
 */
static bool is_listed(const char *inode)
{
	FILE *locks = fopen("/proc/locks", "re");
	bool is_found = false;
	char line[256];

	if (locks == NULL)
		return false;
	while (!is_found && fgets(line, sizeof(line), locks) != NULL)
		is_found = strstr(line, "->") != NULL && strstr(line, inode) != NULL;
	fclose(locks);
	return is_found;
}

bool lock_waiter_is_there(const char *path)
{
	time_t end = time(NULL) + MOST_SECONDS;
	char inode[32];
	struct stat file;

	if (stat(path, &file) != 0)
		return false;
	snprintf(inode, sizeof(inode), ":%ju ", (uintmax_t)file.st_ino);
	while (!is_listed(inode))
		if (time(NULL) > end)
			return false;
	return true;
}
