#ifndef ROLLCALL_VIEWS_LOOP_CARDS_H
#define ROLLCALL_VIEWS_LOOP_CARDS_H

#include "views/html.h"
#include "views/loop/loop.h"

/* What the loop works with: connections, the pool and its threads, the way to the disk, live lists,
 * and what keeps the process from ending. */
void cards_view(struct html *html, const struct loop_view *view);

#endif
