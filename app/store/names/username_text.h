#ifndef ROLLCALL_STORE_NAMES_USERNAME_TEXT_H
#define ROLLCALL_STORE_NAMES_USERNAME_TEXT_H

#include "store/names/username.h"

/* The messages for a refused name. */
struct username_text {
	const char *advice; /* for the visitor: a sentence */
	const char *fault;  /* for an operator that imports a list: follows "username: " */
};

/* Both are NULL for USERNAME_FINE. */
const struct username_text *username_text(enum username_problem problem);

#endif
