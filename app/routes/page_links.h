#ifndef ROLLCALL_PAGE_LINKS_H
#define ROLLCALL_PAGE_LINKS_H

#include "../response.h"

/* Adds the addresses of the pages beside this one as a Link field, for programs that do not read
 * the body (RFC 8288, section 3). NULL: there is none. */
void page_links_add(struct response *response, const char *previous, const char *next);

#endif
