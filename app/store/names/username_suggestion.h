#ifndef ROLLCALL_STORE_NAMES_USERNAME_SUGGESTION_H
#define ROLLCALL_STORE_NAMES_USERNAME_SUGGESTION_H

#include <stdbool.h>

#include "store/names/username.h"

/* Whether there is a name that is taken in place of this text, which is not: then it is in
 * `suggestion`. A suggestion has the letters of the text, none of them cut off. */
bool username_suggest(const char *text, size_t length, struct username *suggestion);

#endif
