#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_LOCK_WAITER_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_LOCK_WAITER_H

#include <stdbool.h>

/* Waits until a process waits for the lock on the file that has that name now; false after a
 * minute. */
bool lock_waiter_is_there(const char *path);

#endif
