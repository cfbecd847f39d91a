#include "support/temporary_directory.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define MOST_PARENT 36

void temporary_directory_make(struct temporary_directory *directory)
{
	const char *parent = getenv("TMPDIR");

	if (parent == NULL || strlen(parent) > MOST_PARENT)
		parent = "/tmp";
	snprintf(directory->path, sizeof(directory->path), "%.36s/rollcall-unit-XXXXXX", parent);
	assert_non_null(mkdtemp(directory->path));
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void temporary_directory_remove(const struct temporary_directory *directory)
{
	assert_int_equal(nftw(directory->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}
