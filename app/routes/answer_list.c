/*
 * The list and a search end in the same response: a page of users with links to the pages beside
 * it. JSON has the links in a header field as well.
 */
#include "routes/answer_list.h"

#include <stddef.h>
#include <string.h>

#include "base/limit.h"
#include "routes/answer.h"
#include "views/search.h"
#include "views/users_json.h"

/* Of the addresses, the longest are those of a search, with each byte of it encoded. */
#define ADDRESS_SIZE (3 * (LIMIT_NAME + 1) + 64)

/* Appends a link to those that are there; NULL: there is none. Returns the new end. */
static char *append_header_link(char *end, bool is_first, const char *address, const char *rel)
{
	if (address == NULL)
		return end;
	if (!is_first)
		end = stpcpy(end, ", ");
	end = stpcpy(stpcpy(end, "<"), address);
	return stpcpy(stpcpy(stpcpy(end, ">; rel=\""), rel), "\"");
}

/* The links once more, for programs that do not read the body (RFC 8288, section 3). A search has
 * no last page that would be cheap to name, and no first one either, then. */
static void add_links(struct response *response, const struct users_view *view)
{
	bool is_list = view->typed == NULL;
	const char *first = is_list && view->newer != NULL ? USERS_NEWEST : NULL;
	const char *last = is_list && view->older != NULL ? USERS_OLDEST : NULL;
	char value[2 * ADDRESS_SIZE + 128], *end = value;

	*end = '\0';
	end = append_header_link(end, true, first, "first");
	end = append_header_link(end, end == value, view->newer, "prev");
	end = append_header_link(end, end == value, view->older, "next");
	append_header_link(end, false, last, "last");
	if (*value != '\0')
		response_header(response, "Link", value);
}

void answer_list(struct response *response, const struct users_view *view, bool in_json)
{
	struct buffer *body = response_body(response);

	if (in_json) {
		add_links(response, view);
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
