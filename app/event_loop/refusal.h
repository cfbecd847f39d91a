#ifndef ROLLCALL_EVENT_LOOP_REFUSAL_H
#define ROLLCALL_EVENT_LOOP_REFUSAL_H

#include <stdint.h>

/*
 * Reports a refused start to systemd. `systemctl status` shows the reason; `error` is the errno of
 * the failure, or 0.
 *
 * A socket that systemd holds would start the program again for each connection in its queue. So
 * this closes them, and the web server sends a 502 at once. While more arrive, it goes on for so
 * long that refused starts take no more than a tenth of a processor. With an empty queue it returns
 * at once. SIGTERM and the other signals to stop end the process meanwhile.
 */
void refusal_tell(const char *reason, int error);

/* For how long refusal_tell() goes on after a start that took `start` of the processor. Both in
 * milliseconds. */
int64_t refusal_time(int64_t start);

#endif
