#ifndef ROLLCALL_STORE_FLAT_FILE_HOLDER_H
#define ROLLCALL_STORE_FLAT_FILE_HOLDER_H

#include <stdbool.h>

#include "store/files/lock.h"

/*
 * Whether a process has the list of a data directory, and which list that is: by users.lock, which
 * each process that writes to the list has locked (claim.h). Its device and inode are the same for
 * all processes that see the file, wherever it is mounted.
 */
#define HOLDER_LIST_SIZE 48

struct holder {
	bool is_there;
	char name[LOCK_HOLDER_SIZE]; /* for people, as lock.h has it */
	char list[HOLDER_LIST_SIZE]; /* empty: there is no users.lock, or it cannot be read */
};

void holder_find(const char *directory, struct holder *holder);

#endif
