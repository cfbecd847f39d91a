#ifndef ROLLCALL_EVENT_LOOP_REFUSAL_H
#define ROLLCALL_EVENT_LOOP_REFUSAL_H

/*
 * A start that is refused, and what systemd makes of it. The reason becomes what `systemctl status`
 * shows; `error` is an errno that goes with it, or 0.
 *
 * A socket that systemd holds would start the program again for each connection in its queue. So
 * they are turned away, which a web server answers with 502 at once; and while some come, this goes
 * on for so long that starts which are refused take no more than a tenth of a processor. Where
 * the queue is empty it returns at once. SIGTERM and its like end the process meanwhile.
 */
void refusal_tell(const char *reason, int error);

#endif
