#ifndef ROLLCALL_STORE_NAMES_USERNAME_TEXT_H
#define ROLLCALL_STORE_NAMES_USERNAME_TEXT_H

#include "store/names/username.h"

/* What is said of a name that is refused. */
struct username_text {
	const char *advice; /* for the person that entered it: a sentence */
	const char
		*fault; /* for an operator that imports a list: what stands behind "username: " */
};

/* Both are NULL for USERNAME_FINE. */
const struct username_text *username_text(enum username_problem problem);

#endif
