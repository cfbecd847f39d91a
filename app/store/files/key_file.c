/*
 * Keeps a key in a file. Whatever was given out under it is void without it, so it is never
 * replaced: a file that cannot be read as a key is the operator's to look at.
 */
#include "store/files/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/files/vfs.h"

#define TEXT ((size_t)2 * KEY_FILE_BYTES) /* characters, before a line feed */

static enum result read_key(
	const char *path, int file, unsigned char key[static KEY_FILE_BYTES], struct reason *reason)
{
	char text[TEXT + 2];
	size_t length = 0;

	ssize_t got = vfs_read(vfs_posix(), file, text, sizeof(text), 0);
	if (got < 0)
		return vfs_fail(reason, "read", path);
	if ((size_t)got == TEXT + 1 && text[TEXT] == '\n' &&
		sodium_hex2bin(key, KEY_FILE_BYTES, text, TEXT, NULL, &length, NULL) == 0 &&
		length == KEY_FILE_BYTES)
		return RESULT_OK;
	return reason_fail(
		reason, RESULT_MALFORMED, "%s: not a key of 32 hexadecimal digits", path);
}

/* Under another name until it is whole and on disk. */
static int write_key(const char *path, const char *temporary, const char *line)
{
	const struct vfs *vfs = vfs_posix();

	if (unlink(temporary) != 0 && errno != ENOENT)
		return -1;
	int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0)
		return -1;
	int failed = vfs_write(vfs, file, line, TEXT + 1, 0);
	if (failed == 0)
		failed = vfs->sync(vfs, file);
	if (failed == 0)
		failed = vfs->rename(vfs, temporary, path);
	if (failed == 0)
		failed = vfs_sync_parent(vfs, path);
	int cause = errno;
	close(file);
	if (failed != 0)
		unlink(temporary);
	errno = cause;
	return failed;
}

static enum result make_key(
	const char *path, unsigned char key[static KEY_FILE_BYTES], struct reason *reason)
{
	char *temporary = memory_printf("%s.new", path);
	char line[TEXT + 1];

	randombytes_buf(key, KEY_FILE_BYTES);
	sodium_bin2hex(line, sizeof(line), key, KEY_FILE_BYTES);
	line[TEXT] = '\n';
	int failed = write_key(path, temporary, line);
	int cause = errno;
	free(temporary);
	errno = cause;
	return failed == 0 ? RESULT_OK : vfs_fail(reason, "make", path);
}

enum result key_file_load(
	const char *directory, unsigned char key[static KEY_FILE_BYTES], struct reason *reason)
{
	char *path = memory_printf("%s/" KEY_FILE_NAME, directory);
	enum result result;

	if (sodium_init() < 0) {
		free(path);
		return reason_fail(reason, RESULT_SYSTEM, "libsodium cannot be used");
	}
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file >= 0) {
		result = read_key(path, file, key, reason);
		close(file);
	} else if (errno == ENOENT) {
		result = make_key(path, key, reason);
	} else {
		result = vfs_fail(reason, "open", path);
	}
	free(path);
	return result;
}
