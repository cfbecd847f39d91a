#ifndef ROLLCALL_BASE_STANDARD_ERROR_H
#define ROLLCALL_BASE_STANDARD_ERROR_H

#include <stdbool.h>

#include "base/log.h"

/*
 * Messages to the person or program at standard error, beside the log. Where systemd's journal
 * reads it, each line begins with its priority, `<3>` for an error (sd-daemon(3)), as the lines of
 * the log do: `journalctl -p warning` finds it. Anywhere else no line does.
 */

/* Whether the descriptor is the connection to the journal that JOURNAL_STREAM names
 * (systemd.exec(5)): that variable is inherited also where standard error was redirected since. */
bool standard_error_is_journal(int descriptor);

/* What a line of that level begins with in the journal. */
const char *standard_error_priority(enum log_level level);

/* Writes one line, or several with line feeds between them; the last needs none. Does not allocate.
 * Text from outside the program goes through printable.h first. */
void standard_error_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what is no error. */
void standard_error_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
