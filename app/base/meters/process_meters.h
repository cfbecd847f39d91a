#ifndef ROLLCALL_BASE_METERS_PROCESS_METERS_H
#define ROLLCALL_BASE_METERS_PROCESS_METERS_H

#include <stdint.h>

/* What the kernel counts of this process, under the names that Prometheus has for it everywhere. 0
 * for what is not known. */
struct process_meters {
	uint64_t cpu;              /* nanoseconds, of all threads */
	uint64_t resident;         /* bytes */
	uint64_t virtual;          /* bytes */
	uint64_t descriptors;      /* open */
	uint64_t most_descriptors; /* that may be open */
	uint64_t start;            /* nanoseconds since 1970 */
};

/* About ten system calls, none of which waits for anything. */
void process_meters_read(struct process_meters *process);

#endif
