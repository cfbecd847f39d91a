#ifndef ROLLCALL_EVENT_LOOP_SYSTEMD_H
#define ROLLCALL_EVENT_LOOP_SYSTEMD_H

#include <stdint.h>
#include <uv.h>

#include "base/meters/minute.h"

/*
 * Reports the program's state to systemd (sd_notify(3), Type=notify), and feeds its watchdog from
 * the loop: a loop that no longer turns does not feed it. If systemd did not start the program, all
 * of this does nothing.
 */
struct systemd;

/* Feeds the watchdog, if there is one, as long as the loop turns. Does not keep the loop alive. */
struct systemd *systemd_open(uv_loop_t *loop);

/* Frees it once the loop has turned again; NULL is allowed. */
void systemd_close(struct systemd *systemd);

/* The program is still opening the store, and asks for more time. `moved` of the file's `size`
 * bytes have been read; beyond `size`, bytes have been read and written once more. */
void systemd_opening(uint64_t moved, uint64_t size);

/* The program listens on `address`, with this number of users. */
void systemd_ready(struct systemd *systemd, const char *address, uint64_t users);

/* From now on the status says how much there is to do, every ten seconds in which that changes. The
 * minute stays the caller's. */
void systemd_show_load(struct systemd *systemd, const struct minute *minute);

/* The program reads its settings again; it has read them. `failure` says why the old ones stay, or
 * is NULL. */
void systemd_reloading(void);
void systemd_reloaded(struct systemd *systemd, const char *failure);

/* The program cannot start, for this reason, with an errno or 0. It may take a moment to end. */
void systemd_refused(const char *reason, int error);

/* The program ends when requests under way are done, at the latest after this time and that of the
 * last write to disk. Extends the unit's own timeout if that is shorter. */
void systemd_stopping(uint64_t milliseconds);

#endif
