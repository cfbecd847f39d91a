#ifndef ROLLCALL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H
#define ROLLCALL_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H

/* A directory for one test, short enough for the path of a unix socket in it. */
struct temporary_directory {
	char path[64];
};

void temporary_directory_make(struct temporary_directory *directory);

/* With all that is in it. */
void temporary_directory_remove(const struct temporary_directory *directory);

#endif
