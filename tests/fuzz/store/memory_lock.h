#ifndef ROLLCALL_TESTS_FUZZ_STORE_MEMORY_LOCK_H
#define ROLLCALL_TESTS_FUZZ_STORE_MEMORY_LOCK_H

#include <stdbool.h>

/* users.lock without a file, in place of store/files/lock.c, for targets that are linked with
 * rollcall_fuzz_disk (CMakeLists.txt): they have the rest of the disk in memory, too. */

/* Nobody holds it; it says of the last holder whether its end was clean. */
void memory_lock_set(bool is_clean);

/* Whether it is held now; and whether it says that the last end was clean. */
bool memory_lock_is_held(void);
bool memory_lock_is_clean(void);

#endif
