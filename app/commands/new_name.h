#ifndef ROLLCALL_COMMANDS_NEW_NAME_H
#define ROLLCALL_COMMANDS_NEW_NAME_H

#include <stdint.h>

#include "base/result.h"
#include "store/flat_file/replay.h"
#include "store/names/username.h"

/* Checks the name that a user is to get: by the rules for names, and against all other users. The
 * user has the number `own`, or 0. What is wrong is said on standard error; the result is an exit
 * status of sysexits(3). */
int new_name_check(const struct replay *replay, const char *name, uint64_t own,
	struct username *username) MUST_CHECK;

#endif
