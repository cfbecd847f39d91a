/*
 * Standard output as data. A command whose output goes to a file or a pipe has failed if not all of
 * it was written, so every write, and at the end the flush, is checked.
 */
#include "commands/standard_output.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/standard_error.h"

/* Of a write that failed: whether it is to be tried again. Another process may have made a
 * shared pipe one that does not wait. */
static bool is_to_be_tried_again(void)
{
	struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return errno == EINTR || (errno == EAGAIN && (poll(&output, 1, -1) > 0 || errno == EINTR));
}

bool standard_output_write(struct buffer *bytes)
{
	size_t written = 0;

	if (bytes->failed)
		errno = ENOMEM;
	while (!bytes->failed && written < bytes->length) {
		ssize_t step =
			write(STDOUT_FILENO, bytes->bytes + written, bytes->length - written);
		if (step < 0 && !is_to_be_tried_again())
			return false;
		written += step > 0 ? (size_t)step : 0;
	}
	bool is_written = !bytes->failed;
	buffer_clear(bytes);
	return is_written;
}

bool standard_output_sync(void)
{
	/* What is no file has no disk to wait for. */
	return fdatasync(STDOUT_FILENO) == 0 || errno == EINVAL || errno == EROFS;
}

int standard_output_failed(void)
{
	standard_error_say("rollcall: cannot write to standard output: %s", strerror(errno));
	return EX_IOERR;
}

int standard_output_end(int exits)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return exits;
	int failed = standard_output_failed();
	return exits == EX_OK ? failed : exits;
}
