#ifndef ROLLCALL_VIEWS_PROBLEMS_NAME_PROBLEM_H
#define ROLLCALL_VIEWS_PROBLEMS_NAME_PROBLEM_H

#include "store/names/username_text.h"
#include "views/problem_json.h"

/* Why a name is not taken, in the same words for a sign-up and for what an organiser changes. */
struct name_problem {
	struct problem_json problem; /* borrows from here, so it must stay where it is */
	char advice[USERNAME_TEXT_SIZE];
	struct username suggestion;
};

/* The text is no name; `username` is what username_parse() left. */
void name_problem_refuse(struct name_problem *name, enum username_problem problem,
	const struct username *username, const char *typed, size_t length);

/* Another user has the name, or one that looks like it. */
struct problem_json name_problem_taken(const struct user *holder);
struct problem_json name_problem_alike(const struct user *holder);

#endif
