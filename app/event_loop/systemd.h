#ifndef ROLLCALL_EVENT_LOOP_SYSTEMD_H
#define ROLLCALL_EVENT_LOOP_SYSTEMD_H

#include <stdint.h>
#include <uv.h>

/*
 * What systemd is told of the program (sd_notify(3), Type=notify), and the watchdog it may keep on
 * it: that is fed from the loop, so a loop that no longer turns starves it. Where systemd did not
 * start the program all of this does nothing.
 */
struct systemd;

/* Feeds the watchdog, if there is one, for as long as the loop turns. That alone does not keep the
 * loop from ending. */
struct systemd *systemd_open(uv_loop_t *loop);

/* Frees it once the loop has turned again; NULL is fine. */
void systemd_close(struct systemd *systemd);

/* It is still opening the store, and wants as much time again as it has by its unit. Of a file of
 * `size` bytes so many are read; from there on each is read and written once more. */
void systemd_opening(uint64_t moved, uint64_t size);

/* It listens on `address`, with so many users. */
void systemd_ready(struct systemd *systemd, const char *address, uint64_t users);

/* It reads its settings again, and it has; `failure` is why they are the old ones, or NULL. */
void systemd_reloading(void);
void systemd_reloaded(const struct systemd *systemd, const char *failure);

/* It cannot start: why, and an errno that goes with it, or 0. It may take a moment until it ends.
 */
void systemd_refused(const char *reason, int error);

/* It ends when what is under way is done, at the latest after so many milliseconds and what the
 * disk takes then: a unit that has less time for it gives it more. */
void systemd_stopping(uint64_t milliseconds);

#endif
