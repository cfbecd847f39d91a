/*
 * Every connection takes a descriptor, and so do files and the loop. The limit is raised before the
 * server begins to accept, since a process without a descriptor left can do nothing.
 */
#include "event_loop/descriptors.h"

#include <dirent.h>
#include <sys/resource.h>

#include "base/limit.h"
#include "event_loop/listener.h"

size_t descriptors_count(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	if (directory == NULL)
		return DESCRIPTORS_RESERVED;
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

size_t descriptors_allow(struct log *log, size_t wanted, size_t open)
{
	size_t others = open + DESCRIPTORS_RESERVED;
	/* When it stops, all connections in the queue are taken. */
	rlim_t enough = wanted + others + LISTENER_BACKLOG;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return wanted;
	if (limit.rlim_cur < enough && limit.rlim_cur < limit.rlim_max) {
		struct rlimit raised = {.rlim_cur = enough, .rlim_max = limit.rlim_max};
		if (raised.rlim_cur > raised.rlim_max)
			raised.rlim_cur = raised.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
			limit = raised;
	}
	size_t possible = limit.rlim_cur > others ? limit.rlim_cur - others : 1;
	if (possible >= wanted)
		return wanted;
	log_event(log, LOG_WARN, "connections-limited", LOG_NUMBER("wanted", wanted),
		LOG_NUMBER("possible", possible));
	return possible;
}
