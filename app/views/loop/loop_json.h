#ifndef ROLLCALL_VIEWS_LOOP_LOOP_JSON_H
#define ROLLCALL_VIEWS_LOOP_LOOP_JSON_H

#include "views/loop/loop.h"

/* The same for programs: times are in seconds. */
void loop_json_view(struct buffer *out, const struct loop_view *view);

#endif
