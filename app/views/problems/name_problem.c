/*
 * The words for names that are refused. A name is refused to an organiser as to anybody else: what
 * the list promises of its names holds for all of them.
 */
#include "views/problems/name_problem.h"

#include "store/names/username_suggestion.h"

void name_problem_refuse(struct name_problem *name, enum username_problem problem,
	const struct username *username, const char *typed, size_t length)
{
	bool has_one = length > 0 && username_suggest(typed, length, &name->suggestion);

	username_advice(problem, username, name->advice);
	name->problem = (struct problem_json){.status = 422,
		.detail = name->advice,
		.pointer = "#/username",
		.suggestion = has_one ? &name->suggestion : NULL};
}

struct problem_json name_problem_taken(const struct user *holder)
{
	return (struct problem_json){
		.status = 409, .detail = "That name is taken by", .holder = holder};
}

struct problem_json name_problem_alike(const struct user *holder)
{
	return (struct problem_json){.status = 409,
		.detail = "This name looks like one that is on the list:",
		.holder = holder,
		.is_alike = true};
}
