#ifndef ROLLCALL_START_FAILURE_H
#define ROLLCALL_START_FAILURE_H

/* Says why the program does not start, to the operator and to systemd; with it goes an errno, or 0.
 * Returns the exit status. */
int explain_start(int exits, int error, const char *reason);

#endif
