/*
 * Every connection takes a descriptor, and so do files and the loop. The limit is raised before
 * anything is opened, since a process without a descriptor left can do nothing, and libuv aborts.
 */
#include "event_loop/descriptors.h"

#include <dirent.h>
#include <stdint.h>
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

/* As far as the hard limit allows. Returns what the limit is then; RLIM_INFINITY if it is not
 * known. */
static rlim_t raise_limit(rlim_t enough)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return RLIM_INFINITY;
	if (limit.rlim_cur >= enough || limit.rlim_cur == limit.rlim_max)
		return limit.rlim_cur;
	struct rlimit raised = {.rlim_cur = enough, .rlim_max = limit.rlim_max};
	if (raised.rlim_cur > raised.rlim_max)
		raised.rlim_cur = raised.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

enum result descriptors_suffice(struct reason *reason)
{
	rlim_t needed = descriptors_count() + DESCRIPTORS_TO_START;
	rlim_t limit = raise_limit(needed);

	if (limit >= needed)
		return RESULT_OK;
	return reason_fail(reason, RESULT_SYSTEM,
		"too few file descriptors: the limit (RLIMIT_NOFILE) is %ju, and %ju are needed",
		(uintmax_t)limit, (uintmax_t)needed);
}

size_t descriptors_allow(struct log *log, size_t wanted, size_t open)
{
	size_t others = open + DESCRIPTORS_RESERVED;
	/* When it stops, all connections in the queue are taken. */
	rlim_t enough = wanted + others + LISTENER_BACKLOG;
	rlim_t limit = raise_limit(enough);
	size_t possible = limit > others ? limit - others : 1;
	if (possible >= wanted)
		return wanted;
	log_event(log, LOG_WARN, "connections-limited", LOG_NUMBER("wanted", wanted),
		LOG_NUMBER("possible", possible));
	return possible;
}
