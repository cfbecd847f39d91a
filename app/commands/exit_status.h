#ifndef ROLLCALL_COMMANDS_EXIT_STATUS_H
#define ROLLCALL_COMMANDS_EXIT_STATUS_H

#include "base/result.h"

/* A wrong option or setting of the server. */
#define EXIT_SETTING 2

/*
 * The exit status, of sysexits(3), for an operation that ended so; `error` is the errno that goes
 * with a system call that failed, or with a store that takes no writes, or 0. The unit for systemd
 * goes by them: it starts the server again after those that can be another one the next time.
 *
 *	EX_DATAERR    65   a file is not as it should be
 *	EX_NOINPUT    66   one that is needed is not there, or is none
 *	EX_CANTCREAT  73   something is in the place of one that is to be made
 *	EX_IOERR      74   a system call failed in another way; may heal by itself
 *	EX_TEMPFAIL   75   another process has it; may heal by itself
 *	EX_NOPERM     77   not allowed
 */
int exit_status(enum result result, int error);

/* The errno that goes with a failure: of RESULT_SYSTEM, what errno is. */
int error_of_result(enum result result);

#endif
