/*
 * vfs_rate FILE SECONDS: how many times a second the disk takes 64 bytes at the end of a file for
 * good, one after the other. Makes the file, and removes it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"

#define LENGTH 64

int main(int count, char **arguments)
{
	char bytes[LENGTH];
	off_t appends = 0;

	if (count != 3) {
		fputs("usage: disk_rate FILE SECONDS\n", stderr);
		return 2;
	}
	int file = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		measure_failed(arguments[1]);
	unlink(arguments[1]);
	memset(bytes, 'x', sizeof(bytes));

	int64_t start = measure_now();
	int64_t end = start + (int64_t)(strtod(arguments[2], NULL) * 1e9);
	int64_t now;
	do {
		if (pwrite(file, bytes, LENGTH, appends * LENGTH) != LENGTH || fdatasync(file) != 0)
			measure_failed(arguments[1]);
		appends++;
		now = measure_now();
	} while (now < end);
	printf("%.0f\n", (double)appends * 1e9 / (double)(now - start));
	close(file);
	return 0;
}
