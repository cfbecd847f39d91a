#ifndef ROLLCALL_BASE_RANDOM_H
#define ROLLCALL_BASE_RANDOM_H

#include <stdint.h>

/* A number that peers cannot guess, as a seed or to tell one run from another; not for secrets.
 * Early in the boot of a machine there may be no random bytes yet: then it is the time. */
uint64_t random_number(void);

#endif
