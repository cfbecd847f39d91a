#ifndef ROLLCALL_VIEWS_LOOP_CHARTS_H
#define ROLLCALL_VIEWS_LOOP_CHARTS_H

#include "base/meters/minute.h"
#include "views/html.h"

/* The last minute as small charts, a bar for each second. */
void charts_view(struct html *html, const struct minute *minute);

#endif
