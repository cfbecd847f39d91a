#ifndef ROLLCALL_HTTP_HTTP_H
#define ROLLCALL_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>

/* Small facts of HTTP (RFC 9110) that know nothing of the application. */

/* The reason phrase of a status code, "Unknown" for one that Rollcall does not use. */
const char *http_reason(unsigned status);

/* Status codes have places from 0 on, in the meters. All that Rollcall does not use share one; its
 * status is 0. */
size_t http_status_place(unsigned status);
unsigned http_status_at(size_t place);

/* Whether a field value has no control bytes (section 5.5). */
bool http_is_value(const char *value, size_t length);

/* Past optional white space (section 5.6.3). */
const char *http_skip_blank(const char *at);

/* Whether a Content-Type value names this media type; `parameters` gets what follows it, from the
 * ';' on (section 8.3; parameter.h). */
bool http_media_type_is(const char *content_type, const char *media_type, const char **parameters);

/* Whether an If-None-Match value names this entity tag, by weak comparison (section 13.1.2). */
bool http_etag_matches(const char *if_none_match, const char *etag);

#endif
