/*
 * Takes the two locks that the right to write stands for, in their order, and starts again when a
 * name leads elsewhere than what is locked: people move, delete and restore these files while
 * processes use them.
 */
#include "store/flat_file/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/files/lock.h"

static const char *boot_of(const struct claim *claim)
{
	return claim->boot[0] != '\0' ? claim->boot : NULL;
}

static enum result take_lock(
	struct claim *claim, const char *directory, unsigned wait, struct reason *reason)
{
	char holder[LOCK_HOLDER_SIZE];
	if (!claim->vfs->boot(claim->vfs, claim->name, claim->boot))
		claim->boot[0] = '\0';
	enum result result =
		lock_acquire(claim->lock_path, wait, boot_of(claim), &claim->lock, holder);

	claim->was_clean = result == RESULT_OK && *holder == '\0';
	claim->has_list = result == RESULT_OK && strcmp(holder, LOCK_NAMELESS) != 0;
	if (result == RESULT_BUSY)
		return reason_fail(reason, result, "%s is in use by %s", directory, holder);
	if (result == RESULT_OK)
		return RESULT_OK;
	if (errno == ENOENT)
		return reason_fail(reason, result, "there is no data directory %s: %s", directory,
			vfs_words(errno));
	if (errno == ELOOP)
		return reason_fail(
			reason, result, "cannot lock %s: it is a symbolic link", claim->lock_path);
	return vfs_fail(reason, "lock", claim->lock_path);
}

static enum result resolve(struct claim *claim, struct reason *reason)
{
	free(claim->path);
	claim->path = claim->vfs->resolve(claim->vfs, claim->name);
	if (claim->path != NULL)
		return RESULT_OK;
	if (errno == ENOLINK)
		return reason_fail(reason, RESULT_SYSTEM, "%s " CLAIM_LINK_TO_NOWHERE, claim->name);
	if (errno == EBUSY)
		return reason_fail(reason, RESULT_SYSTEM,
			"%s is a mount point by itself, so a new file cannot take its place: mount "
			"its directory instead",
			claim->name);
	return vfs_fail(reason, "open", claim->name);
}

/* Its holder came before the users.lock that was just locked, or by way of another directory. */
static enum result lock_file(struct claim *claim, int file, unsigned wait, struct reason *reason)
{
	if (claim->vfs->lock(claim->vfs, file, wait) == 0)
		return RESULT_OK;
	if (errno != EAGAIN)
		return vfs_fail(reason, "lock", claim->name);
	return reason_fail(reason, RESULT_BUSY,
		"%s is in use by a process that %s does not name: it was removed or replaced "
		"while that process ran, or another data directory has the same list",
		claim->name, claim->lock_path);
}

/* Opens and locks what the name leads to; `is_it` tells whether it still leads there. */
static enum result try_file(
	struct claim *claim, unsigned wait, int *file, bool *is_it, struct reason *reason)
{
	const struct vfs *vfs = claim->vfs;
	enum result result = resolve(claim, reason);

	*is_it = true;
	if (result != RESULT_OK)
		return result;
	*file = vfs->open(vfs, claim->path, O_RDWR | O_NOFOLLOW);
	if (*file < 0)
		return errno == ENOENT ? RESULT_OK : vfs_fail(reason, "open", claim->name);
	result = lock_file(claim, *file, wait, reason);
	if (result != RESULT_OK)
		return result;
	int named = vfs->is_named(vfs, *file, claim->name);
	*is_it = named != 0;
	return named >= 0 ? RESULT_OK : vfs_fail(reason, "open", claim->name);
}

static enum result take_file(struct claim *claim, unsigned wait, int *file, struct reason *reason)
{
	enum result result;
	bool is_it;

	do {
		*file = -1;
		result = try_file(claim, wait, file, &is_it, reason);
		int cause = errno;
		if ((result != RESULT_OK || !is_it) && *file >= 0)
			claim->vfs->close(claim->vfs, *file);
		errno = cause;
	} while (result == RESULT_OK && !is_it);
	if (result != RESULT_OK)
		*file = -1;
	return result;
}

enum result claim_take(struct claim *claim, const struct vfs *vfs, const char *directory,
	unsigned wait, int *file, struct reason *reason)
{
	*claim = (struct claim){.vfs = vfs,
		.name = memory_printf("%s/" JOURNAL_NAME, directory),
		.lock_path = memory_printf("%s/" JOURNAL_LOCK, directory),
		.lock = -1};
	*file = -1;
	enum result result = take_lock(claim, directory, wait, reason);
	if (result == RESULT_OK)
		result = take_file(claim, wait, file, reason);
	if (result == RESULT_OK) {
		claim->has_list = claim->has_list || *file >= 0;
		/* Until there is one, nothing shall say so, however this ends. */
		if (!claim->has_list && lock_blank(claim->lock) != 0)
			result = vfs_fail(reason, "lock", claim->lock_path);
	}
	/* After a failure nothing was touched, and the end before is what it was. But a file that
	 * is in use has not come to an end at all, whatever users.lock says, nor does the boot of
	 * this process say anything of it. That there is a list must stay known: an operator may
	 * move it away. */
	if (result == RESULT_BUSY) {
		claim->has_list = true;
		claim->boot[0] = '\0';
	}
	int cause = errno;
	if (result != RESULT_OK)
		claim_give_up(claim, claim->was_clean && result != RESULT_BUSY);
	errno = cause;
	return result;
}

enum result claim_confirm(struct claim *claim, struct reason *reason)
{
	if (lock_stands(claim->lock, claim->lock_path)) {
		claim->has_list = true;
		return lock_name(claim->lock, boot_of(claim)) == 0
			       ? RESULT_OK
			       : vfs_fail(reason, "lock", claim->lock_path);
	}
	return reason_fail(reason, RESULT_BUSY,
		"%s was removed or replaced while %s was made: another process may be at work",
		claim->lock_path, claim->name);
}

void claim_give_up(struct claim *claim, bool is_clean)
{
	if (claim->lock >= 0 && is_clean)
		lock_release(claim->lock);
	else if (claim->lock >= 0)
		lock_leave(claim->lock, claim->has_list, boot_of(claim));
	free(claim->lock_path);
	free(claim->path);
	free(claim->name);
	*claim = (struct claim){.lock = -1};
}
