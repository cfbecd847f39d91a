/*
 * Looks for files that are named after a list, such as a backup or a rotated one. If a list is
 * missing but traces of it are there, it was moved away or its disk is not mounted, and an empty
 * new one would be wrong.
 */
#include "store/files/traces.h"

#include <dirent.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

static bool has_more(const char *path, off_t bare)
{
	struct stat file;

	return lstat(path, &file) == 0 && file.st_size > bare;
}

static bool is_trace(const char *path, const char *name, const char *entry, off_t bare)
{
	size_t length = strlen(name);

	if (strncmp(entry, name, length) != 0 || entry[length] != '.')
		return false;
	if (strcmp(entry + length, ".new") != 0)
		return true;
	char *temporary = memory_printf("%s.new", path);
	bool is_one = has_more(temporary, bare);
	free(temporary);
	return is_one;
}

static char *search_directory(DIR *directory, const char *path, const char *name, off_t bare)
{
	const struct dirent *entry;

	while ((entry = readdir(directory)) != NULL) {
		if (is_trace(path, name, entry->d_name, bare))
			return memory_printf("%s", entry->d_name);
	}
	return NULL;
}

char *traces_find(const char *path, off_t bare)
{
	char *for_directory = memory_printf("%s", path);
	char *for_name = memory_printf("%s", path);
	DIR *directory = opendir(dirname(for_directory));
	char *found = NULL;

	if (directory != NULL) {
		found = search_directory(directory, path, basename(for_name), bare);
		closedir(directory);
	}
	free(for_name);
	free(for_directory);
	return found;
}
