#include "path.h"

#include <stdio.h>
#include <string.h>

#include "../heap.h"

char *path_join(const char *directory, const char *name)
{
	size_t size = strlen(directory) + strlen(name) + 2;
	char *path = heap_resized(NULL, size, 1);

	snprintf(path, size, "%s/%s", directory, name);
	return path;
}
