#ifndef ROLLCALL_BUILD_ID_H
#define ROLLCALL_BUILD_ID_H

#include <stdint.h>

/* A hash of what the linker has called this build of the program: equal wherever the same build
 * runs, and another one for any other build. 0 if it has called it nothing. */
uint64_t build_id_hash(void);

#endif
