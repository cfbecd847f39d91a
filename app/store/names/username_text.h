#ifndef ROLLCALL_STORE_NAMES_USERNAME_TEXT_H
#define ROLLCALL_STORE_NAMES_USERNAME_TEXT_H

#include "store/names/username.h"

/* Room for what is said of a name that is refused. */
#define USERNAME_TEXT_SIZE 192

/* Writes a sentence for the person that entered the name. Of `username`, it reads what
 * username_parse() sets for the problem. */
void username_advice(enum username_problem problem, const struct username *username,
	char text[static USERNAME_TEXT_SIZE]);

/* Writes what an operator reads that imports a list, behind "username: ". */
void username_fault(enum username_problem problem, const struct username *username,
	char text[static USERNAME_TEXT_SIZE]);

#endif
