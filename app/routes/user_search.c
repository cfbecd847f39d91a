/*
 * GET /users?q=: what was typed is folded as names are, and the links of a page carry it on in the
 * shortest spelling that finds the same users.
 */
#include "routes/user_search.h"

#include "http/form.h"
#include "routes/answer.h"
#include "routes/answer_list.h"
#include "routes/site.h"

void user_search_begin(struct user_search *search)
{
	search->search.from = SEARCH_FIRST;
	search->problem = USERNAME_EMPTY;
	if (search->typed.length > 0)
		search->problem = username_parse_beginning(
			search->typed.bytes, search->typed.length, &search->search.beginning);
}

/* Appends the address of the page that is so next to a user. What no name begins with is left as it
 * is; anything else is as short as its names. */
static void append_link(struct buffer *link, const struct user_search *search,
	enum search_from from, uint64_t number)
{
	const struct username_beginning *beginning = &search->search.beginning;

	buffer_string(link, "/users?q=");
	if (search->problem == USERNAME_FINE)
		form_encode(link, beginning->text, beginning->length);
	else
		form_encode(link, search->typed.bytes, search->typed.length);
	if (from != SEARCH_FIRST) {
		buffer_string(link, from == SEARCH_BEFORE ? "&before=" : "&after=");
		buffer_number(link, number);
	}
	buffer_append(link, "", 1);
}

/* A page without users, behind the last or before the first of those who are found, leads to the
 * first page. */
static void append_links(struct buffer links[static 3], const struct user_search *search,
	const struct store_answer *answer)
{
	const struct user *users = answer->users;
	bool is_empty = answer->count == 0;

	append_link(&links[0], search, search->search.from, search->search.number);
	if (answer->has_previous)
		append_link(&links[1], search, is_empty ? SEARCH_FIRST : SEARCH_BEFORE,
			is_empty ? 0 : users[0].number);
	if (answer->has_next)
		append_link(&links[2], search, is_empty ? SEARCH_FIRST : SEARCH_AFTER,
			is_empty ? 0 : users[answer->count - 1].number);
}

struct store_question user_search_question(const struct user_search *search, size_t page_size)
{
	return (struct store_question){.search = &search->search,
		.most = search->problem == USERNAME_FINE ? page_size : 0};
}

void user_search_answer(struct response *response, const struct user_search *search,
	const struct store_answer *answer, int64_t now, bool in_json)
{
	struct buffer links[3] = {0};

	append_links(links, search, answer);
	if (links[0].failed || links[1].failed || links[2].failed)
		answer_error(response, in_json, 503, NULL);
	else
		answer_list(response,
			&(struct users_view){
				.sheet = &request_site(response_request(response))->sheet.text,
				.total = answer->view->users,
				.last_seat = answer->view->last_seat,
				.users = answer->users,
				.count = answer->count,
				.self = links[0].bytes,
				.newer = links[1].bytes,
				.older = links[2].bytes,
				.typed = search->typed.bytes,
				.typed_length = search->typed.length,
				.found = answer->found,
				.now = now},
			in_json);
	for (size_t i = 0; i < 3; i++)
		buffer_free(&links[i]);
}
