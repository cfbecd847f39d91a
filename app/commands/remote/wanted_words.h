#ifndef ROLLCALL_COMMANDS_REMOTE_WANTED_WORDS_H
#define ROLLCALL_COMMANDS_REMOTE_WANTED_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* Says that no such user is there (NULL, 0: not given), and returns EX_NOUSER. */
int wanted_words_nobody(const char *name, uint64_t number);

/* Says who is one of several with the same name, the first of them or another. */
void wanted_words_ambiguous(bool is_first, uint64_t number, const char *name);

#endif
