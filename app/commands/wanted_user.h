#ifndef ROLLCALL_COMMANDS_WANTED_USER_H
#define ROLLCALL_COMMANDS_WANTED_USER_H

#include <stdint.h>

#include "base/result.h"
#include "store/flat_file/replay.h"
#include "store/names/username.h"

/* EX_OK if there is a name or a number to find a user by, else EX_USAGE, and it is said. */
int wanted_user_given(const char *name, uint64_t number) MUST_CHECK;

/* Finds the user that an operator means: by its name, in any spelling that counts as the same; by
 * its number (0: not given); or by both. Under other Unicode tables two users can have the same
 * name; then the spelling or the number has to say which of them is meant. One of the two may be
 * missing. What is wrong is said on standard error; the result is an exit status of sysexits(3). */
int wanted_user_find(const struct replay *replay, const char *name, uint64_t number,
	struct user *user) MUST_CHECK;

/* Checks the name that a user is to get: by the rules for names, and against all other users. The
 * user has the number `own`, or 0. What is wrong is said on standard error; the result is an exit
 * status of sysexits(3). */
int wanted_name_check(const struct replay *replay, const char *name, uint64_t own,
	struct username *username) MUST_CHECK;

#endif
