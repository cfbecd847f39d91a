/*
 * The list and a search end in the same response: a page of users with links to the pages beside
 * it. JSON has the links in a header field as well.
 */
#include "routes/answer_list.h"

#include <stddef.h>
#include <stdio.h>

#include "base/limit.h"
#include "routes/answer.h"
#include "views/search.h"
#include "views/users_json.h"

/* Of the addresses, the longest are those of a search, with each byte of it encoded. */
#define ADDRESS_SIZE (3 * (LIMIT_NAME + 1) + 64)

/* The links once more, for programs that do not read the body (RFC 8288, section 3). */
static void add_links(struct response *response, const char *previous, const char *next)
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

void answer_list(struct response *response, const struct users_view *view, bool in_json)
{
	struct buffer *body = response_body(response);

	if (in_json) {
		add_links(response, view->newer, view->older);
		users_json_view(body, view);
		answer_json(response, 200);
		return;
	}
	if (view->typed != NULL)
		search_view(body, view);
	else
		users_view(body, view);
	answer_page(response, 200);
}
