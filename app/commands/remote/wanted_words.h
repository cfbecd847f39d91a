#ifndef ROLLCALL_COMMANDS_REMOTE_WANTED_WORDS_H
#define ROLLCALL_COMMANDS_REMOTE_WANTED_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "store/names/username.h"
#include "store/user.h"

/* Says that no such user is there (NULL, 0: not given), and returns EX_NOUSER. */
int wanted_words_nobody(const char *name, uint64_t number);

/* Says why a name is none that a user can have, and returns EX_DATAERR. */
int wanted_words_fault(enum username_problem problem, const struct username *username);

/* Says that the name is another user's (RESULT_TAKEN), or looks like that of one (RESULT_ALIKE),
 * and returns EX_DATAERR. */
int wanted_words_held(enum result result, const struct user *holder);

/* Says who is one of several with the same name, the first of them or another. */
void wanted_words_ambiguous(bool is_first, uint64_t number, const char *name);

#endif
