#ifndef ROLLCALL_STORE_FILES_TRACES_H
#define ROLLCALL_STORE_FILES_TRACES_H

#include <sys/types.h>

/*
 * Shows that there was a list where there is none: a file that is named after it, as those that are
 * kept beside it are (salvage.h, atomic_file.h), or what logrotate makes of it. Its name, for
 * free(), or NULL. PATH.new counts if it has more than `bare` bytes, those of a list without users,
 * which a first start that was cut short leaves.
 */
char *traces_find(const char *path, off_t bare);

#endif
