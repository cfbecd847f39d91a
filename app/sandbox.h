#ifndef ROLLCALL_SANDBOX_H
#define ROLLCALL_SANDBOX_H

/* What a unit of systemd can have to do with it that a system call failed for a directory: words
 * to put behind the reason, which name the setting of the unit, for free(); empty if the unit has
 * nothing to do with that errno. */
char *sandbox_hint(const char *directory, int error);

#endif
