#include "support/disk/simulated_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Both names: what `from` was is now `to`. One: `to` is a new name of the file, or `from` is no
 * name any more. */
struct change {
	char from[SIMULATED_NAME_SIZE];
	char to[SIMULATED_NAME_SIZE];
	size_t file;
};

struct simulated_names {
	struct simulated_list visible;
	struct simulated_list durable;
	struct change *changes;
	size_t count;
};

static struct simulated_name *find(const struct simulated_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->names[i].name, name) == 0)
			return &list->names[i];
	return NULL;
}

static void set(struct simulated_list *list, const char *name, size_t file)
{
	struct simulated_name *found = find(list, name);

	if (found == NULL) {
		list->names = memory_resized(list->names, list->count + 1, sizeof(*list->names));
		found = &list->names[list->count++];
		snprintf(found->name, sizeof(found->name), "%s", name);
	}
	found->file = file;
}

static void take_out(struct simulated_list *list, const char *name)
{
	struct simulated_name *found = find(list, name);

	if (found != NULL)
		*found = list->names[--list->count];
}

static struct simulated_list copy_of(const struct simulated_list *list)
{
	struct simulated_list copy = {.count = list->count};

	if (list->count > 0) {
		copy.names = memory_resized(NULL, list->count, sizeof(*copy.names));
		memcpy(copy.names, list->names, list->count * sizeof(*copy.names));
	}
	return copy;
}

static void apply(const struct change *change, struct simulated_list *list)
{
	if (change->from[0] != '\0')
		take_out(list, change->from);
	if (change->to[0] != '\0')
		set(list, change->to, change->file);
}

static void add(struct simulated_names *names, const char *from, const char *to, size_t file)
{
	struct change *change;

	names->changes = memory_resized(names->changes, names->count + 1, sizeof(*names->changes));
	change = &names->changes[names->count++];
	snprintf(change->from, sizeof(change->from), "%s", from);
	snprintf(change->to, sizeof(change->to), "%s", to);
	change->file = file;
	apply(change, &names->visible);
}

struct simulated_names *simulated_names_open(void)
{
	return memory_zeroed(sizeof(struct simulated_names));
}

struct simulated_names *simulated_names_copy(const struct simulated_names *names)
{
	struct simulated_names *copy = simulated_names_open();

	copy->visible = copy_of(&names->visible);
	copy->durable = copy_of(&names->durable);
	if (names->count > 0) {
		copy->changes = memory_resized(NULL, names->count, sizeof(*copy->changes));
		memcpy(copy->changes, names->changes, names->count * sizeof(*copy->changes));
		copy->count = names->count;
	}
	return copy;
}

void simulated_names_close(struct simulated_names *names)
{
	simulated_list_free(&names->visible);
	simulated_list_free(&names->durable);
	free(names->changes);
	free(names);
}

void simulated_names_link(struct simulated_names *names, const char *name, size_t file)
{
	add(names, "", name, file);
}

bool simulated_names_rename(struct simulated_names *names, const char *from, const char *to)
{
	const struct simulated_name *found = find(&names->visible, from);

	if (found != NULL)
		add(names, from, to, found->file);
	return found != NULL;
}

bool simulated_names_unlink(struct simulated_names *names, const char *name)
{
	const struct simulated_name *found = find(&names->visible, name);

	if (found != NULL)
		add(names, name, "", found->file);
	return found != NULL;
}

static bool is_elsewhere(const char *name)
{
	return strncmp(name, SIMULATED_ELSEWHERE, strlen(SIMULATED_ELSEWHERE)) == 0;
}

void simulated_names_sync(struct simulated_names *names, const char *name)
{
	size_t left = 0;

	for (size_t i = 0; i < names->count; i++) {
		const struct change *change = &names->changes[i];
		const char *changed = change->to[0] != '\0' ? change->to : change->from;
		if (is_elsewhere(changed) == is_elsewhere(name))
			apply(change, &names->durable);
		else
			names->changes[left++] = *change;
	}
	names->count = left;
}

size_t simulated_names_changes(const struct simulated_names *names)
{
	return names->count;
}

const struct simulated_list *simulated_names_visible(const struct simulated_names *names)
{
	return &names->visible;
}

struct simulated_list simulated_names_cut(const struct simulated_names *names, size_t changes)
{
	struct simulated_list list = copy_of(&names->durable);

	for (size_t i = 0; i < changes; i++)
		apply(&names->changes[i], &list);
	return list;
}

static bool lists(const struct simulated_list *list, size_t file)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->names[i].file == file)
			return true;
	return false;
}

bool simulated_names_has(const struct simulated_names *names, size_t file)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->changes[i].file == file)
			return true;
	return lists(&names->visible, file) || lists(&names->durable, file);
}

size_t simulated_list_find(const struct simulated_list *list, const char *name)
{
	const struct simulated_name *found = find(list, name);
	char target[2 * SIMULATED_NAME_SIZE];

	if (found != NULL && found->file == SIMULATED_LINK) {
		snprintf(target, sizeof(target), SIMULATED_ELSEWHERE "%s", name);
		found = find(list, target);
	}
	return found != NULL ? found->file : SIMULATED_NO_FILE;
}

bool simulated_list_is_link(const struct simulated_list *list, const char *name)
{
	const struct simulated_name *found = find(list, name);

	return found != NULL && found->file == SIMULATED_LINK;
}

void simulated_list_free(struct simulated_list *list)
{
	free(list->names);
	*list = (struct simulated_list){0};
}
