/*
 * A request has some twenty meta-variables, and half a dozen are asked for: the list is searched
 * from its beginning each time. Few names are of the same length.
 */
#include "http/meta_variable.h"

#include <string.h>

/* The first of that name in the list, or its end. */
static const struct meta_variable *find_variable(
	const struct meta_variable *list, const char *name, size_t length)
{
	while (list->name != NULL &&
		(list->name_length != length || memcmp(list->name, name, length) != 0))
		list++;
	return list;
}

/* How many bytes the values of all from this one on have, with two more for each. */
static size_t size_of_all(const struct meta_variable *one)
{
	size_t size = 0;

	for (const struct meta_variable *next = one; next->name != NULL;
		next = find_variable(next + 1, one->name, one->name_length))
		size += strlen(next->value) + 2;
	return size;
}

/* The first alone where memory is short. */
static const char *join_variables(const struct meta_variable *one, struct arena *arena)
{
	char *joined = arena_try(arena, size_of_all(one)), *end = joined;

	if (joined == NULL)
		return one->value;
	for (const struct meta_variable *next = one; next->name != NULL;
		next = find_variable(next + 1, one->name, one->name_length)) {
		if (end > joined)
			end = stpcpy(end, ", ");
		end = stpcpy(end, next->value);
	}
	return joined;
}

const char *meta_variable(const struct meta_variable *list, const char *name, struct arena *arena)
{
	size_t length = strlen(name);
	const struct meta_variable *first = find_variable(list, name, length);

	if (first->name == NULL)
		return NULL;
	if (*name == 'H' && strncmp(name, "HTTP_", 5) == 0 &&
		find_variable(first + 1, name, length)->name != NULL)
		return join_variables(first, arena);
	return first->value;
}

void meta_variables_from(char *const *strings, struct meta_variable *list)
{
	for (; *strings != NULL; strings++) {
		const char *name = *strings, *equals = strchr(name, '=');
		if (equals == NULL)
			continue;
		*list++ = (struct meta_variable){
			.name = name, .name_length = (size_t)(equals - name), .value = equals + 1};
	}
	*list = (struct meta_variable){0};
}
