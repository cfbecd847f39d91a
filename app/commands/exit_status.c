/*
 * Maps results and errno to exit statuses of sysexits(3). The systemd unit decides by them whether
 * a restart can help, so server and commands share this one mapping.
 */
#include "commands/exit_status.h"

#include <errno.h>
#include <sysexits.h>

#include "store/files/vfs.h"

static int of_error(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case ENOLINK:
	case VFS_NOT_REGULAR:
		return EX_NOINPUT;
	case EEXIST:
	case EBUSY:
	case ELOOP:
		return EX_CANTCREAT;
	case EADDRINUSE:
		return EX_TEMPFAIL;
	case EACCES:
	case EPERM:
	case EROFS:
		return EX_NOPERM;
	default:
		return EX_IOERR;
	}
}

int exit_status(enum result result, int error)
{
	switch (result) {
	case RESULT_OK:
		return EX_OK;
	case RESULT_MALFORMED:
		return EX_DATAERR;
	case RESULT_BUSY:
		return EX_TEMPFAIL;
	case RESULT_MISSING:
		return EX_NOINPUT;
	case RESULT_SYSTEM:
	case RESULT_FULL:
	case RESULT_UNAVAILABLE:
		return of_error(error);
	default:
		return EX_IOERR;
	}
}

int error_of_result(enum result result)
{
	switch (result) {
	case RESULT_MALFORMED:
		return EUCLEAN;
	case RESULT_BUSY:
		return EBUSY;
	case RESULT_MISSING:
		return ENOENT;
	default:
		return errno;
	}
}
