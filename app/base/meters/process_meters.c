/*
 * Read when somebody asks for them: from /proc, which the kernel makes up in memory, and by two
 * system calls. Nothing is kept but when the process started: that is reckoned from the clock once,
 * and would move with it.
 */
#include "base/meters/process_meters.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECOND UINT64_C(1000000000)

/* A file of /proc as a string; empty if it cannot be read. */
static void read_proc(const char *path, char *text, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file >= 0 ? read(file, text, size - 1) : -1;

	text[length > 0 ? length : 0] = '\0';
	if (file >= 0)
		close(file);
}

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		return 0;
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
}

static void read_memory(struct process_meters *process)
{
	unsigned long long virtual = 0, resident = 0;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	char text[256];

	read_proc("/proc/self/statm", text, sizeof(text));
	if (sscanf(text, "%llu %llu", &virtual, &resident) != 2)
		return;
	process->virtual = virtual * page;
	process->resident = resident * page;
}

/* Ticks from the start of the machine to that of the process: the 22nd field, the 20th after the
 * name, which may have blanks and brackets in it (proc(5)). 0: not known. */
static unsigned long long read_start_ticks(void)
{
	unsigned long long ticks = 0;
	char text[1024];

	read_proc("/proc/self/stat", text, sizeof(text));
	const char *rest = strrchr(text, ')');
	for (int field = 2; rest != NULL && field < 22; field++)
		rest = strchr(rest + 1, ' ');
	return rest != NULL && sscanf(rest, "%llu", &ticks) == 1 ? ticks : 0;
}

static uint64_t find_start(void)
{
	static uint64_t start;
	unsigned long long ticks = start == 0 ? read_start_ticks() : 0;

	if (ticks == 0)
		return start;
	uint64_t age =
		nanoseconds(CLOCK_BOOTTIME) - ticks * (SECOND / (uint64_t)sysconf(_SC_CLK_TCK));
	start = nanoseconds(CLOCK_REALTIME) - age;
	return start;
}

static uint64_t count_entries(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	uint64_t count = 0;

	if (directory == NULL)
		return 0;
	while ((entry = readdir(directory)) != NULL)
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count - 1; /* without the one that reads */
}

/* Since Linux 6.2 the size of the directory is their number, so that thousands are not listed. */
static uint64_t count_descriptors(void)
{
	static const char path[] = "/proc/self/fd";
	struct stat directory;

	if (stat(path, &directory) == 0 && directory.st_size > 0)
		return (uint64_t)directory.st_size;
	return count_entries(path);
}

static void read_descriptors(struct process_meters *process)
{
	struct rlimit limit;

	process->descriptors = count_descriptors();
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		process->most_descriptors = limit.rlim_cur;
}

void process_meters_read(struct process_meters *process)
{
	*process = (struct process_meters){
		.cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), .start = find_start()};
	read_memory(process);
	read_descriptors(process);
}
