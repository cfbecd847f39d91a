#ifndef ROLLCALL_VIEWS_HOME_JSON_H
#define ROLLCALL_VIEWS_HOME_JSON_H

#include "base/buffer.h"

#include <stdint.h>

/* Where programs begin: how many users there are, and where everything is. */
void home_json_view(struct buffer *out, uint64_t users);

#endif
