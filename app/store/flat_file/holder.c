/*
 * Asks the kernel for the lock without taking it: a server that starts at this moment must not find
 * the list in use because somebody has looked.
 */
#include "store/flat_file/holder.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/flat_file/claim.h"

/* The first line of the file. */
static void read_name_of(int lock, char name[static LOCK_HOLDER_SIZE])
{
	ssize_t length = pread(lock, name, LOCK_HOLDER_SIZE - 1, 0);

	name[length > 0 ? length : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	if (*name == '\0')
		snprintf(name, LOCK_HOLDER_SIZE, "%s", LOCK_NAMELESS);
}

static void look_at_lock(int lock, struct holder *holder)
{
	struct flock wanted = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct stat file;

	if (fstat(lock, &file) != 0)
		return;
	snprintf(holder->list, sizeof(holder->list), "%jx:%jx", (uintmax_t)file.st_dev,
		(uintmax_t)file.st_ino);
	read_name_of(lock, holder->name);
	holder->is_there = fcntl(lock, F_OFD_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
}

void holder_find(const char *directory, struct holder *holder)
{
	char *path = memory_printf("%s/" JOURNAL_LOCK, directory);
	int lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*holder = (struct holder){.is_there = false};
	if (lock >= 0) {
		look_at_lock(lock, holder);
		close(lock);
	}
	free(path);
}
