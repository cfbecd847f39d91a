/*
 * GET /users: the list, newest first, a page at a time by cursor; or, with q=, the users whose
 * names begin with it. Most requests are for the newest page, which is kept, or come with the ETag
 * of what the client has: these need no question to the store, only its view.
 */
#include "views/users.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/scratch.h"
#include "http/form.h"
#include "http/http.h"
#include "routes/answer.h"
#include "routes/answer_list.h"
#include "routes/leave/leave_link.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/user_search.h"
#include "store/store.h"
#include "views/relative_time.h"

/* What the query asks for. */
struct place {
	enum store_from from;
	uint64_t number;
	uint64_t created;    /* 0 if it does not say */
	struct buffer claim; /* with which that user sees how to leave the list */
	struct user_search search;
};

/* A request for a part of the list that the store is asked for. */
struct list {
	struct lookup lookup;
	struct place place;
	struct buffer if_none_match; /* terminated; empty if there was none */
};

#define ETAG_SIZE (STORE_REVISION_SIZE + DECIMAL_LENGTH + 16)

/* Where a page is and where those beside it are; empty: there is none. */
#define LINK_SIZE 64
struct links {
	char self[LINK_SIZE];
	char newer[LINK_SIZE];
	char older[LINK_SIZE];
};

/* The number of a user; unchanged if the field is not there. */
static enum result parse_number(const struct form_field *field, uint64_t *number)
{
	const struct buffer *text = &field->value;

	if (!field->is_present)
		return RESULT_OK;
	return decimal_is_number(text->bytes, text->length, LIMIT_PLACE, number) ? RESULT_OK
										 : RESULT_MALFORMED;
}

/* Returns what is wrong, or NULL. */
static const char *read_list_place(const struct form_field fields[3], struct place *place)
{
	const struct form_field *before = &fields[0], *after = &fields[1], *created = &fields[2];

	if (before->is_present && after->is_present)
		return "before and after exclude each other";
	place->from = before->is_present  ? STORE_OLDER_THAN
		      : after->is_present ? STORE_NEWER_THAN
					  : STORE_NEWEST;
	if (parse_number(before->is_present ? before : after, &place->number) != RESULT_OK ||
		parse_number(created, &place->created) != RESULT_OK)
		return "before, after and created are numbers of up to 18 digits";
	return NULL;
}

/* In a search the number is that of a user in the order of names. Takes over the field. */
static void read_search_field(const struct form_field *field, struct place *place)
{
	struct user_search *search = &place->search;

	search->typed = field->value;
	user_search_begin(search);
	if (place->from != STORE_NEWEST)
		search->search.from =
			place->from == STORE_OLDER_THAN ? SEARCH_BEFORE : SEARCH_AFTER;
	search->search.number = place->number;
}

static enum result parse_query(const char *query, struct place *place, const char **reason)
{
	struct form_field fields[] = {{.name = "before"}, {.name = "after"}, {.name = "created"},
		{.name = "q"}, {.name = LEAVE_CLAIM_FIELD}};
	struct form form;

	form_begin(&form, fields, sizeof(fields) / sizeof(fields[0]));
	form_feed(&form, query, strlen(query));
	enum result result = form_finish(&form);
	*reason = result == RESULT_OK ? read_list_place(fields, place) : form.reason;
	for (size_t i = 0; i < 3; i++)
		buffer_free(&fields[i].value);
	read_search_field(&fields[3], place);
	place->claim = fields[4].value;
	return result == RESULT_OK && *reason != NULL ? RESULT_MALFORMED : result;
}

static void refuse_query(
	struct request *request, struct response *response, enum result result, const char *reason)
{
	char detail[128];

	if (result == RESULT_MEMORY) {
		answer_problem(request, response, 503);
		return;
	}
	snprintf(detail, sizeof(detail), "The query could not be read: %s.", reason);
	answer_problem_because(request, response, 400, detail);
}

/* Where a page is that begins beside this number. */
static void set_link(char link[static LINK_SIZE], enum store_from from, uint64_t number)
{
	if (from == STORE_NEWEST)
		snprintf(link, LINK_SIZE, "/users");
	else
		snprintf(link, LINK_SIZE, "/users?%s=%" PRIu64,
			from == STORE_OLDER_THAN ? "before" : "after", number);
}

/* The pages beside one begin beside the users at its ends, so that none shifts when users are
 * added. One without users leads back by the place it was asked for. */
static void set_links(
	struct links *links, const struct place *place, const struct store_answer *answer)
{
	const struct user *users = answer->users;
	bool is_empty = answer->count == 0;
	uint64_t newest = is_empty ? place->number - (place->number > 0 ? 1 : 0) : users[0].number;
	uint64_t oldest = is_empty ? place->number + (place->number < LIMIT_PLACE ? 1 : 0)
				   : users[answer->count - 1].number;

	*links = (struct links){0};
	set_link(links->self, place->from, place->number);
	if (answer->has_previous)
		set_link(links->newer, STORE_NEWER_THAN, newest);
	if (answer->has_next)
		set_link(links->older, STORE_OLDER_THAN, oldest);
}

/* The place in the list of the first user of a page. The store tells it for the first page and the
 * last one: for others it would have to count. */
static uint64_t first_place(const struct store_answer *answer)
{
	if (!answer->has_previous)
		return 1;
	return answer->has_next ? 0 : answer->view->users - answer->count + 1;
}

static const char *or_null(const char *link)
{
	return *link != '\0' ? link : NULL;
}

/* The place of the new user among those who wait for a seat, if it is on the newest page. */
static uint64_t place_in_line(const struct site *site, const struct store_answer *answer)
{
	const struct store_view *view = answer->view;

	if (view->last_seat == 0 || answer->beside == NULL || answer->has_previous)
		return 0;
	for (size_t i = 0; i < answer->count; i++) {
		uint64_t place = view->users - i;
		if (answer->users[i].number == answer->beside->number)
			return place > site->sheet.seats ? place - site->sheet.seats : 0;
	}
	return 0;
}

/* Borrows everything. */
static struct users_view part_view(const struct list *list, const struct links *links,
	const struct store_answer *answer, int64_t now)
{
	const struct site *site = list->lookup.site;

	return (struct users_view){.sheet = &site->sheet.text,
		.total = answer->view->users,
		.first = first_place(answer),
		.users = answer->users,
		.count = answer->count,
		.self = links->self,
		.newer = or_null(links->newer),
		.older = or_null(links->older),
		.letters = answer->has_previous || answer->has_next ? answer->view->letters : NULL,
		.created = answer->beside,
		.now = now,
		.change = answer->view->change,
		.last_seat = answer->view->last_seat,
		.in_line = place_in_line(site, answer),
		.live_most = list->place.from == STORE_NEWEST ? site->page_size : 0,
		.print_size = site->print_size,
		.is_export_public = site->is_export_public,
		.is_open = sheet_phase(&site->sheet, now) == SHEET_OPEN};
}

/* Nearly everybody asks for this one: it is kept. */
static bool is_newest_page(const struct place *place, bool in_json)
{
	return !in_json && place->from == STORE_NEWEST && place->created == 0 &&
	       place->search.problem == USERNAME_EMPTY;
}

/* Weak, since nginx may compress the page on its way. JSON says nothing of how long ago things
 * were.
 */
static void write_etag(
	char etag[static ETAG_SIZE], const struct store_view *view, int64_t now, bool in_json)
{
	char *end = stpcpy(stpcpy(etag, "W/\""), view->revision);

	if (!in_json) {
		*end++ = '-';
		end += decimal_write(page_cache_minute(now), end);
	}
	stpcpy(end, in_json ? "-json\"" : "-html\"");
}

static void send_unchanged(struct response *response, bool in_json)
{
	if (in_json)
		answer_json(response, 304);
	else
		answer_page(response, 304);
}

static void send_kept_page(const struct site *site, struct response *response)
{
	response_lend_body(response, &site->users.body);
	answer_page(response, 200);
}

/* Sends what needs the view and no users. False: nothing was sent. */
static bool send_at_once(const struct list *list, const struct store_view *view, int64_t now,
	const char *if_none_match)
{
	const struct lookup *lookup = &list->lookup;
	const struct site *site = lookup->site;
	char etag[ETAG_SIZE];

	write_etag(etag, view, now, lookup->in_json);
	bool is_unchanged = http_etag_matches(if_none_match, etag);
	bool is_kept = !is_unchanged && is_newest_page(&list->place, lookup->in_json) &&
		       page_cache_shows(&site->users, view, now);
	if (!is_unchanged && !is_kept)
		return false;
	response_header(lookup->response, "ETag", etag);
	if (is_unchanged)
		send_unchanged(lookup->response, lookup->in_json);
	else
		send_kept_page(site, lookup->response);
	return true;
}

static struct store_question question_of(const struct list *list)
{
	const struct place *place = &list->place;
	size_t page_size = list->lookup.site->page_size;

	if (place->search.problem != USERNAME_EMPTY)
		return user_search_question(&place->search, page_size);
	return (struct store_question){.least = place->created,
		.from = place->from,
		.number = place->number,
		.most = page_size,
		.beside = place->created};
}

static void send_newest_page(struct list *list, const struct store_answer *answer, int64_t now)
{
	struct site *site = list->lookup.site;
	struct links links;

	set_links(&links, &list->place, answer);
	const struct users_view view = part_view(list, &links, answer, now);
	users_view(page_cache_renew(&site->users, answer->view, now), &view);
	send_kept_page(site, list->lookup.response);
}

static void send_list_part(const struct list *list, const struct store_answer *answer, int64_t now)
{
	struct links links;

	set_links(&links, &list->place, answer);
	const struct users_view view = part_view(list, &links, answer, now);
	answer_list(list->lookup.response, &view, list->lookup.in_json);
}

/* Whether this is the new user, who sees how to leave the list. */
static bool is_claimed(const struct list *list, const struct store_answer *answer, int64_t now)
{
	const struct site *site = list->lookup.site;
	const struct buffer *claim = &list->place.claim;

	return claim->length > 0 && answer->beside != NULL && !list->lookup.in_json &&
	       site->has_leave_key && relative_time_is_just_now(answer->beside->created, now) &&
	       leave_code_fits(
		       site->leave_key, LEAVE_CLAIM, answer->beside, claim->bytes, claim->length);
}

static void send_claimed_page(
	const struct list *list, const struct store_answer *answer, int64_t now)
{
	const struct lookup *lookup = &list->lookup;
	char leave[LEAVE_LINK_SIZE];
	struct links links;

	set_links(&links, &list->place, answer);
	struct users_view view = part_view(list, &links, answer, now);
	leave_link_make(lookup->site->leave_key, answer->beside, leave);
	view.leave = leave;
	users_view(response_body(lookup->response), &view);
	response_header(lookup->response, "Vary", "Accept");
	answer_private_page(lookup->response, 200);
}

static void on_users(void *argument, const struct store_answer *answer)
{
	struct list *list = argument;
	const struct lookup *lookup = &list->lookup;
	int64_t now = lookup->site->clock();
	char etag[ETAG_SIZE];

	if (is_claimed(list, answer, now)) {
		send_claimed_page(list, answer, now);
		return;
	}
	if (send_at_once(list, answer->view, now, list->if_none_match.bytes))
		return;
	write_etag(etag, answer->view, now, lookup->in_json);
	response_header(lookup->response, "ETag", etag);
	if (list->place.search.problem != USERNAME_EMPTY)
		user_search_answer(
			lookup->response, &list->place.search, answer, now, lookup->in_json);
	else if (is_newest_page(&list->place, lookup->in_json))
		send_newest_page(list, answer, now);
	else
		send_list_part(list, answer, now);
}

static void on_list_over(void *argument)
{
	struct list *list = argument;

	buffer_free(&list->place.search.typed);
	buffer_free(&list->place.claim);
	buffer_free(&list->if_none_match);
}

/* Without memory to keep it in, the client gets what it may have already. */
static void keep_if_none_match(struct list *list, const char *if_none_match)
{
	if (if_none_match == NULL)
		return;
	buffer_append(&list->if_none_match, if_none_match, strlen(if_none_match) + 1);
	if (list->if_none_match.failed)
		buffer_free(&list->if_none_match);
}

/* Takes over what `from` has. */
static void ask_for_users(
	struct request *request, const struct list *from, const char *if_none_match)
{
	struct list *list = request_memory(request, sizeof(*list));

	*list = *from;
	list->lookup.argument = list;
	keep_if_none_match(list, if_none_match);
	struct store_question question = question_of(list);
	question.is_fresh = lookup_is_fresh(list->lookup.site, request);
	lookup_begin(&list->lookup, &question);
}

static void get_users(struct site *site, struct request *request, struct response *response)
{
	const char *reason;
	SCRATCH struct list list;

	/* Member by member: to zero what a search would fill costs 150 of 16,000 instructions. */
	list.lookup = (struct lookup){.site = site,
		.response = response,
		.on_answered = on_users,
		.on_over = on_list_over};
	list.place.from = STORE_NEWEST;
	list.place.number = 0;
	list.place.created = 0;
	list.place.claim = (struct buffer){0};
	list.if_none_match = (struct buffer){0};
	enum result result = parse_query(request_query(request), &list.place, &reason);
	if (result != RESULT_OK) {
		refuse_query(request, response, result, reason);
		on_list_over(&list);
		return;
	}
	list.lookup.in_json = answer_in_json(request);
	const char *if_none_match = request_param(request, "HTTP_IF_NONE_MATCH");
	const struct store_view *view =
		lookup_is_fresh(site, request) ? NULL : store_view(site->store, list.place.created);
	if (view != NULL && send_at_once(&list, view, site->clock(), if_none_match))
		on_list_over(&list);
	else
		ask_for_users(request, &list, if_none_match);
}

const struct route users_route = {.path = "/users", .get = get_users};
