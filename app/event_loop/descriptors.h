#ifndef ROLLCALL_EVENT_LOOP_DESCRIPTORS_H
#define ROLLCALL_EVENT_LOOP_DESCRIPTORS_H

#include <stddef.h>

#include "base/log.h"

/* How many descriptors are open: some may have been inherited. */
size_t descriptors_count(void);

/* As many connections as are wanted, or as descriptors allow beside those that are `open` already:
 * raises the limit of them as far as it can, and says so where that is not enough. */
size_t descriptors_allow(struct log *log, size_t wanted, size_t open);

#endif
