#ifndef ROLLCALL_PROGRAM_H
#define ROLLCALL_PROGRAM_H

#include "options/options.h"

/* Answers requests until a signal ends it; under a CGI server answers the one request. Called once
 * in a process, after signals_catch(), with the options and the command line that they are from.
 * Returns the exit status: 0, or why it could not start (exit_status.h). */
int program_run(const struct options *options, int count, char **arguments);

#endif
