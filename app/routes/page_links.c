#include "page_links.h"

#include <stddef.h>
#include <stdio.h>

#include "../limit.h"

/* Of the addresses, the longest are those of a search, with each byte of it encoded. */
#define ADDRESS_SIZE (3 * (LIMIT_NAME + 1) + 64)

void page_links_add(struct response *response, const char *previous, const char *next)
{
	char value[2 * ADDRESS_SIZE + 32];

	if (previous != NULL && next != NULL)
		snprintf(value, sizeof(value), "<%s>; rel=\"prev\", <%s>; rel=\"next\"", previous,
			next);
	else if (previous != NULL || next != NULL)
		snprintf(value, sizeof(value), "<%s>; rel=\"%s\"",
			previous != NULL ? previous : next, previous != NULL ? "prev" : "next");
	else
		return;
	response_header(response, "Link", value);
}
