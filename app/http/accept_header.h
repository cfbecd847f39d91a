#ifndef ROLLCALL_HTTP_ACCEPT_HEADER_H
#define ROLLCALL_HTTP_ACCEPT_HEADER_H

#include <stddef.h>

/*
 * Which of the media types on offer an Accept value prefers (RFC 9110, section 12.5.1): its index.
 * That is the one with the highest quality; of equals the one that is named more exactly, and of
 * those the first. A value that takes none of them, or that is not there, gives the first too, as
 * the section allows. An offer may have parameters, which a range may then ask for, each with any
 * of the values that it has there; all have `charset=utf-8`, which is not said.
 */
size_t accept_header_choose(const char *accept, const char *const *offers, size_t count);

#endif
