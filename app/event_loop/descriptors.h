#ifndef ROLLCALL_EVENT_LOOP_DESCRIPTORS_H
#define ROLLCALL_EVENT_LOOP_DESCRIPTORS_H

#include <stddef.h>

#include "base/log.h"
#include "base/reason.h"

/* The number of open descriptors, including inherited ones. */
size_t descriptors_count(void);

/* Raises the limit of descriptors, and fails with RESULT_SYSTEM if what the server opens at its
 * start would still be more. */
enum result descriptors_suffice(struct reason *reason) MUST_CHECK;

/* Returns how many connections are possible, `wanted` at most, beside the descriptors that are
 * `open` already. Raises the limit of descriptors as far as it can, and logs if it is too low. */
size_t descriptors_allow(struct log *log, size_t wanted, size_t open);

#endif
