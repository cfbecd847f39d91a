#ifndef ROLLCALL_BASE_METERS_CLOCK_H
#define ROLLCALL_BASE_METERS_CLOCK_H

#include <stdint.h>
#include <time.h>

/* What a clock of the system shows, in whole milliseconds since its beginning. */
int64_t clock_milliseconds(clockid_t clock);

#endif
