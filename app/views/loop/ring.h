#ifndef ROLLCALL_VIEWS_LOOP_RING_H
#define ROLLCALL_VIEWS_LOOP_RING_H

#include "base/meters/minute.h"
#include "views/html.h"

/* The loop as a picture (SVG): the phases around it, and inside what the last second was spent
 * with. */
void ring_view(struct html *html, const struct second *second);

#endif
