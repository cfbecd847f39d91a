#ifndef ROLLCALL_BENCH_MEASURE_H
#define ROLLCALL_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds on a clock that only goes up. */
int64_t measure_now(void);

/* The value that `percent` of them are not above; sorts them. */
int64_t measure_percentile(int64_t *values, size_t count, double percent);

/* Says what could not be done and why, by errno, and ends the program. */
_Noreturn void measure_failed(const char *what);

#endif
