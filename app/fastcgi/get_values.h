#ifndef ROLLCALL_FASTCGI_GET_VALUES_H
#define ROLLCALL_FASTCGI_GET_VALUES_H

#include <stddef.h>

#include "base/buffer.h"

/* Appends the record that answers FCGI_GET_VALUES (specification 1.0, section 4.1) with this
 * content, for an application that takes so many connections at once. */
void get_values_respond(
	struct buffer *out, const void *content, size_t length, unsigned connections);

#endif
