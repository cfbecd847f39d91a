#ifndef ROLLCALL_STORE_NAMES_USERNAME_SUGGESTION_H
#define ROLLCALL_STORE_NAMES_USERNAME_SUGGESTION_H

#include <stdbool.h>

#include "store/names/username.h"

/* Whether there is an acceptable name like this text, which is none: then it is in `suggestion`. A
 * suggestion has all letters of the text that names can have, or in a Latin name what those of
 * other scripts look like. Another user may have the name. */
bool username_suggest(const char *text, size_t length, struct username *suggestion);

#endif
