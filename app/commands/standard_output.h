#ifndef ROLLCALL_COMMANDS_STANDARD_OUTPUT_H
#define ROLLCALL_COMMANDS_STANDARD_OUTPUT_H

#include <stdbool.h>

#include "base/buffer.h"

/* Writes what the buffer holds to standard output, past stdio, and empties it. False with errno, of
 * which a buffer that failed is ENOMEM. */
bool standard_output_write(struct buffer *bytes);

/* Waits until it is on disk, if standard output is a file. False with errno. */
bool standard_output_sync(void);

/* Says errno, and returns an exit status of sysexits(3). */
int standard_output_failed(void);

/* Writes what stdio still has. Returns the exit status `exits`, unless that is EX_OK and what was
 * to be printed could not be written, which it says. */
int standard_output_end(int exits);

#endif
