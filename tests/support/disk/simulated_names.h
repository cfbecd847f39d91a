#ifndef ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_NAMES_H
#define ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The two directories of a simulated disk: the names that programs see, those that the disk has,
 * and the changes between the two, which reach it in their order. Files are numbers here. Names in
 * the second directory begin with SIMULATED_ELSEWHERE. A name in the first can be a symbolic link
 * to the same name in the second.
 */
#define SIMULATED_NAME_SIZE 64
#define SIMULATED_NO_FILE   ((size_t)-1)
#define SIMULATED_LINK      ((size_t)-2)
#define SIMULATED_ELSEWHERE "elsewhere/"

struct simulated_name {
	char name[SIMULATED_NAME_SIZE];
	size_t file;
};

struct simulated_list {
	struct simulated_name *names;
	size_t count;
};

struct simulated_names;

struct simulated_names *simulated_names_open(void);
struct simulated_names *simulated_names_copy(const struct simulated_names *names);
void simulated_names_close(struct simulated_names *names);

/* Gives the file a name; whatever had it loses it. */
void simulated_names_link(struct simulated_names *names, const char *name, size_t file);

/* Both: whether there was such a name. */
bool simulated_names_rename(struct simulated_names *names, const char *from, const char *to);
bool simulated_names_unlink(struct simulated_names *names, const char *name);

/* The disk gets the changes of the directory that `name` is in. */
void simulated_names_sync(struct simulated_names *names, const char *name);
size_t simulated_names_changes(const struct simulated_names *names);

const struct simulated_list *simulated_names_visible(const struct simulated_names *names);

/* What the disk has if the first `changes` of them reach it: to be freed with
 * simulated_list_free(). */
struct simulated_list simulated_names_cut(const struct simulated_names *names, size_t changes);

/* Whether any name, now or by any of the changes, is the file's. */
bool simulated_names_has(const struct simulated_names *names, size_t file);

/* What a link leads to; SIMULATED_NO_FILE if there is none. */
size_t simulated_list_find(const struct simulated_list *list, const char *name);
bool simulated_list_is_link(const struct simulated_list *list, const char *name);
void simulated_list_free(struct simulated_list *list);

#endif
