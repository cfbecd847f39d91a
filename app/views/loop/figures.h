#ifndef ROLLCALL_VIEWS_LOOP_FIGURES_H
#define ROLLCALL_VIEWS_LOOP_FIGURES_H

#include <stdint.h>

#include "base/meters/minute.h"
#include "views/html.h"

/* Numbers as people read them: three digits at most that mean something. */

/* A time in nanoseconds: "0", "42 µs", "4.2 ms", "480 ms", "1.5 s". */
void buffer_duration(struct buffer *out, uint64_t nanoseconds);

/* What part of the whole (base/meters/share.h). */
void buffer_share(struct buffer *out, uint64_t part, uint64_t whole);

/* "1 job", "10,000 jobs". */
void html_things(struct html *html, uint64_t count, const char *one, const char *more);

void html_duration(struct html *html, uint64_t nanoseconds);
void html_share(struct html *html, uint64_t part, uint64_t whole);

/* A mean; 0 if there are none. */
uint64_t mean_of(uint64_t sum, uint64_t count);

/* The time of a second in which the loop did not wait. 0 if no turn was counted in it. */
uint64_t second_work(const struct second *second);

/* How long a batch of this second took to reach the disk, or the database. */
uint64_t second_disk_time(const struct second *second);

/* Where batches go: "disk" or "database". */
const char *second_place(const struct second *second);

#endif
