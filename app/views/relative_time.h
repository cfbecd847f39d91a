#ifndef ROLLCALL_VIEWS_RELATIVE_TIME_H
#define ROLLCALL_VIEWS_RELATIVE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* Times as people say them, in UTC; in milliseconds as in timestamp.h. www/live.js says the same of
 * a time that passes while a page is open. */
#define RELATIVE_TIME_SIZE 40

/* "2 Jan 2026, 03:04 UTC" */
void relative_time_date(int64_t time, char text[static RELATIVE_TIME_SIZE]);

/* "2 Jan 2026" */
void relative_time_day(int64_t time, char text[static RELATIVE_TIME_SIZE]);

/* "2 January 2026, 03:04:05 UTC". www/times.js writes it so, in the zone of the device. */
void relative_time_exact(int64_t time, char text[static RELATIVE_TIME_SIZE]);

/* Whether less than a minute has passed. What lies ahead of a clock that was set back is just now,
 * too. */
bool relative_time_is_just_now(int64_t time, int64_t now);

/* "just now", "1 minute ago", "5 hours ago", "6 days ago"; from a week on the date. */
void relative_time_format(int64_t time, int64_t now, char text[static RELATIVE_TIME_SIZE]);

/* Of a time ahead: "in less than a minute", "in 1 minute", "in 5 hours", "in 40 days". */
void relative_time_until(int64_t time, int64_t now, char text[static RELATIVE_TIME_SIZE]);

#endif
