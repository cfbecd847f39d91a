/*
 * A request has some twenty meta-variables, and half a dozen are asked for: the list is searched
 * from its beginning each time.
 */
#include "http/meta_variable.h"

#include <string.h>

/* The first of that name in the list, or its end. */
static char *const *find_variable(char *const *list, const char *name, size_t length)
{
	while (*list != NULL &&
		(**list != *name || strncmp(*list, name, length) != 0 || (*list)[length] != '='))
		list++;
	return list;
}

/* How many bytes all from this one on have, with two more for each. */
static size_t size_of_all(char *const *one, const char *name, size_t length)
{
	size_t size = 0;

	for (; *one != NULL; one = find_variable(one + 1, name, length))
		size += strlen(*one + length + 1) + 2;
	return size;
}

/* The first alone where memory is short. */
static const char *join_variables(
	char *const *one, const char *name, size_t length, struct arena *arena)
{
	char *joined = arena_try(arena, size_of_all(one, name, length)), *end = joined;

	if (joined == NULL)
		return *one + length + 1;
	for (; *one != NULL; one = find_variable(one + 1, name, length)) {
		if (end > joined)
			end = stpcpy(end, ", ");
		end = stpcpy(end, *one + length + 1);
	}
	return joined;
}

const char *meta_variable(char *const *list, const char *name, struct arena *arena)
{
	size_t length = strlen(name);
	char *const *first = find_variable(list, name, length);

	if (*first == NULL)
		return NULL;
	if (*name == 'H' && strncmp(name, "HTTP_", 5) == 0 &&
		*find_variable(first + 1, name, length) != NULL)
		return join_variables(first, name, length, arena);
	return *first + length + 1;
}
