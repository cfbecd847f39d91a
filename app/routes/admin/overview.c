/*
 * GET /admin: the organiser's first page, with a page of the list, or of a search in it. The list
 * is that of GET /users; each name leads to what an organiser can do with it.
 */
#include "views/admin/overview.h"

#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "http/form.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/user_search.h"
#include "store/store.h"

struct overview {
	struct lookup lookup;
	const char *organiser;
	struct user_search search;
	enum store_from from;
	uint64_t number;
	uint64_t added;
	uint64_t removed;
	bool is_saved;
};

/* The fields of the query. */
enum { BEFORE, AFTER, ADDED, REMOVED, SAVED, Q, FIELDS };

static void get_overview(struct site *site, struct request *request, struct response *response);
static void on_overview(void *argument, const struct store_answer *answer);
static void on_overview_over(void *argument);

const struct route admin_route = {.path = "/admin", .get = get_overview};

static bool take_place(const struct form_field *field, uint64_t *number)
{
	return !field->is_present ||
	       decimal_is_number(field->value.bytes, field->value.length, LIMIT_PLACE, number);
}

/* Takes over the text of the search. */
static bool take_fields(struct overview *overview, struct form_field fields[static FIELDS])
{
	overview->search.typed = fields[Q].value;
	fields[Q].value = (struct buffer){0};
	user_search_begin(&overview->search);
	overview->is_saved = fields[SAVED].is_present;
	overview->from = fields[BEFORE].is_present  ? STORE_OLDER_THAN
			 : fields[AFTER].is_present ? STORE_NEWER_THAN
						    : STORE_NEWEST;
	return take_place(&fields[BEFORE], &overview->number) &&
	       take_place(&fields[AFTER], &overview->number) &&
	       take_place(&fields[ADDED], &overview->added) &&
	       take_place(&fields[REMOVED], &overview->removed);
}

static bool parse_overview(struct overview *overview, const char *query)
{
	struct form_field fields[FIELDS] = {[BEFORE] = {.name = "before"},
		[AFTER] = {.name = "after"},
		[ADDED] = {.name = "added"},
		[REMOVED] = {.name = "removed"},
		[SAVED] = {.name = "saved"},
		[Q] = {.name = "q"}};
	struct form form;

	form_begin(&form, fields, FIELDS);
	form_feed(&form, query, strlen(query));
	bool is_read = form_finish(&form) == RESULT_OK && take_fields(overview, fields);
	for (size_t i = 0; i < FIELDS; i++)
		buffer_free(&fields[i].value);
	return is_read;
}

/* In a search the number is that of a user in the order of names. */
static struct store_question overview_question(struct overview *overview)
{
	size_t most = overview->lookup.site->page_size;
	struct store_question question = {
		.from = overview->from, .number = overview->number, .most = most};

	if (overview->search.problem != USERNAME_EMPTY) {
		overview->search.search.number = overview->number;
		if (overview->from != STORE_NEWEST)
			overview->search.search.from =
				overview->from == STORE_OLDER_THAN ? SEARCH_BEFORE : SEARCH_AFTER;
		question = user_search_question(&overview->search, most);
	}
	question.beside = overview->added != 0 ? overview->added : overview->removed;
	question.least = overview->added;
	question.is_fresh = true; /* the organiser may have changed something at another node */
	return question;
}

static void get_overview(struct site *site, struct request *request, struct response *response)
{
	const char *organiser = organiser_admit_page(request, response);

	if (organiser == NULL)
		return;
	struct overview *overview = request_memory(request, sizeof(*overview));
	overview->organiser = organiser;
	overview->lookup = (struct lookup){.site = site,
		.response = response,
		.on_answered = on_overview,
		.on_over = on_overview_over,
		.argument = overview};
	if (!parse_overview(overview, request_query(request))) {
		answer_problem(request, response, 400);
		on_overview_over(overview);
		return;
	}
	const struct store_question question = overview_question(overview);
	lookup_begin(&overview->lookup, &question);
}

/* The address of the page that is so next to a user. `relation` is before or after. */
static const char *append_page(
	struct buffer *link, const struct overview *overview, const char *relation, uint64_t number)
{
	const struct buffer *typed = &overview->search.typed;

	buffer_string(link, "/admin?");
	if (overview->search.problem != USERNAME_EMPTY) {
		buffer_string(link, "q=");
		form_encode(link, typed->bytes, typed->length);
		buffer_string(link, "&");
	}
	buffer_string(link, relation);
	buffer_string(link, "=");
	buffer_number(link, number);
	buffer_append(link, "", 1);
	return link->failed ? NULL : link->bytes;
}

/* The list goes from the newest to the oldest, so what follows has lesser numbers; a search is in
 * an order of its own. */
static void set_pages(struct overview_view *view, struct buffer links[static 2],
	const struct overview *overview, const struct store_answer *answer)
{
	bool is_search = overview->search.problem != USERNAME_EMPTY;
	const struct user *users = answer->users;

	if (answer->count == 0)
		return;
	if (answer->has_previous)
		view->newer = append_page(
			&links[0], overview, is_search ? "before" : "after", users[0].number);
	if (answer->has_next)
		view->older = append_page(&links[1], overview, is_search ? "after" : "before",
			users[answer->count - 1].number);
}

/* An address says what was done, and could be made up: only what is so is shown. */
static void set_done(struct overview_view *view, const struct overview *overview,
	const struct store_answer *answer)
{
	view->is_saved = overview->is_saved;
	if (overview->added != 0)
		view->added = answer->beside;
	else if (answer->beside == NULL && overview->removed <= answer->view->last)
		view->removed = overview->removed;
}

/* lookup_answered_cb */
static void on_overview(void *argument, const struct store_answer *answer)
{
	const struct overview *overview = argument;
	const struct site *site = overview->lookup.site;
	struct response *response = overview->lookup.response;
	bool is_search = overview->search.problem != USERNAME_EMPTY;
	struct buffer links[2] = {0};
	int64_t now = site->clock();
	struct overview_view view = {.sheet = &site->sheet.text,
		.status = sheet_status_of(&site->sheet, answer->view->users, now),
		.is_closed_now = site->sheet.is_closed,
		.never_opens = !sheet_can_open(&site->sheet),
		.organiser = overview->organiser,
		.total = answer->view->users,
		.last_seat = answer->view->last_seat,
		.users = answer->users,
		.count = answer->count,
		.typed = is_search ? overview->search.typed.bytes : NULL,
		.typed_length = overview->search.typed.length,
		.found = answer->found,
		.now = now};

	set_pages(&view, links, overview, answer);
	set_done(&view, overview, answer);
	overview_view(response_body(response), &view);
	answer_private_page(response, 200);
	buffer_free(&links[0]);
	buffer_free(&links[1]);
}

/* lookup_over_cb */
static void on_overview_over(void *argument)
{
	struct overview *overview = argument;

	buffer_free(&overview->search.typed);
}
