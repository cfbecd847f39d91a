#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int64_t measure_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int compare(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

int64_t measure_percentile(int64_t *values, size_t count, double percent)
{
	qsort(values, count, sizeof(*values), compare);
	return values[(size_t)((double)(count - 1) * percent / 100)];
}

void measure_failed(const char *what)
{
	perror(what);
	exit(1);
}
