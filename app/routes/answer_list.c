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
#define ADDRESS_SIZE (LIMIT_BASE_PATH + 3 * (LIMIT_NAME + 1) + LIMIT_ADDRESS)

#define LINKS_MOST 4

/* Links as a header field has them. */
struct header_links {
	char value[LINKS_MOST * (ADDRESS_SIZE + 32)];
	char *end;
	const char *base_path;
};

/* Appends a link to those that are there; NULL: there is none. */
static void append_header_link(struct header_links *links, const char *address, const char *rel)
{
	if (address == NULL)
		return;
	if (links->end != links->value)
		links->end = stpcpy(links->end, ", ");
	links->end = stpcpy(stpcpy(stpcpy(links->end, "<"), links->base_path), address);
	links->end = stpcpy(stpcpy(stpcpy(links->end, ">; rel=\""), rel), "\"");
}

/* The links once more, for programs that do not read the body (RFC 8288, section 3). A search has
 * no last page that would be cheap to name, and no first one either, then. */
static void add_links(struct response *response, const struct users_view *view)
{
	bool is_list = view->typed == NULL;
	const char *first = is_list && view->newer != NULL ? USERS_NEWEST : NULL;
	const char *last = is_list && view->older != NULL ? USERS_OLDEST : NULL;
	struct header_links links;

	links.end = links.value;
	links.base_path = view->sheet->base_path;
	append_header_link(&links, first, "first");
	append_header_link(&links, view->newer, "prev");
	append_header_link(&links, view->older, "next");
	append_header_link(&links, last, "last");
	if (links.end != links.value)
		response_header(response, "Link", links.value);
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
