#ifndef ROLLCALL_PATH_H
#define ROLLCALL_PATH_H

/* "DIRECTORY/NAME", for free(). */
char *path_join(const char *directory, const char *name);

#endif
