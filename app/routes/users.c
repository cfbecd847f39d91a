#include "views/users.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "http/form.h"
#include "http/http.h"
#include "routes/answer.h"
#include "routes/answer_list.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "routes/user_search.h"
#include "store/store.h"

/* What the query asks for. */
struct place {
	enum store_from from;
	uint64_t number;
	uint64_t created; /* 0 if it does not say */
	struct user_search search;
};

#define ETAG_SIZE (KEPT_PAGE_VERSION_SIZE + 16)

/* Where a page is and where those beside it are; empty: there is none. */
#define LINK_SIZE 64
struct links {
	char self[LINK_SIZE];
	char newer[LINK_SIZE];
	char older[LINK_SIZE];
};

/* The number of a user, or 0. */
static enum result parse_number(const struct form_field *field, uint64_t *number)
{
	const struct buffer *text = &field->value;

	*number = 0;
	if (!field->is_present)
		return RESULT_OK;
	return decimal_is_number(text->bytes, text->length, LIMIT_PLACE, number) ? RESULT_OK
										 : RESULT_MALFORMED;
}

/* Returns what is wrong, or NULL. */
static const char *read_place(const struct form_field fields[3], struct place *place)
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
static void read_search(const struct form_field *field, struct place *place)
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
	struct form_field fields[4] = {
		{.name = "before"}, {.name = "after"}, {.name = "created"}, {.name = "q"}};
	struct form form;

	form_begin(&form, fields, 4);
	form_feed(&form, query, strlen(query));
	enum result result = form_finish(&form);
	*reason = result == RESULT_OK ? read_place(fields, place) : form.reason;
	for (size_t i = 0; i < 3; i++)
		buffer_free(&fields[i].value);
	read_search(&fields[3], place);
	return result == RESULT_OK && *reason != NULL ? RESULT_MALFORMED : result;
}

static void refuse(
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
static void set_links(struct links *links, const struct place *place, const struct store_page *page,
	const struct user *users)
{
	bool is_empty = page->count == 0;
	uint64_t newest = is_empty ? place->number - (place->number > 0 ? 1 : 0) : users[0].number;
	uint64_t oldest = is_empty ? place->number + (place->number < LIMIT_PLACE ? 1 : 0)
				   : users[page->count - 1].number;

	*links = (struct links){0};
	set_link(links->self, place->from, place->number);
	if (page->has_newer)
		set_link(links->newer, STORE_NEWER_THAN, newest);
	if (page->has_older)
		set_link(links->older, STORE_OLDER_THAN, oldest);
}

static const char *or_null(const char *link)
{
	return *link != '\0' ? link : NULL;
}

/* A part of the list, and all that its view points to. */
struct part {
	struct users_view view;
	struct links links;
	struct user created;
	struct user users[LIMIT_PAGE_MOST];
};

static void read_part(
	struct part *part, const struct site *site, const struct place *place, int64_t now)
{
	bool is_known =
		place->created > 0 && store_user(site->store, place->created, &part->created);
	struct store_page page =
		store_page(site->store, place->from, place->number, part->users, site->page_size);

	set_links(&part->links, place, &page, part->users);
	part->view = (struct users_view){.total = store_count(site->store),
		.users = part->users,
		.count = page.count,
		.self = part->links.self,
		.newer = or_null(part->links.newer),
		.older = or_null(part->links.older),
		.created = is_known ? &part->created : NULL,
		.now = now,
		.live_most = place->from == STORE_NEWEST ? site->page_size : 0};
}

/* Nearly everybody asks for this one: it is kept. */
static bool is_newest_page(const struct place *place, bool in_json)
{
	return !in_json && place->from == STORE_NEWEST && place->created == 0;
}

static void answer_newest_page(
	struct site *site, struct response *response, int64_t now, const char *version)
{
	if (!page_cache_shows(&site->users, version)) {
		struct part part;
		read_part(&part, site, &(struct place){.from = STORE_NEWEST}, now);
		users_view(page_cache_renew(&site->users, version), &part.view);
	}
	response_lend_body(response, &site->users.body);
	answer_page(response, 200);
}

static void answer_part(const struct site *site, struct response *response,
	const struct place *place, int64_t now, bool in_json)
{
	struct part part;

	read_part(&part, site, place, now);
	answer_list(response, &part.view, in_json);
}

/* Weak, since nginx may compress the page on its way. JSON says nothing of how long ago things
 * were.
 */
static void write_etag(
	char etag[static ETAG_SIZE], const struct store *store, const char *version, bool in_json)
{
	char *end = stpcpy(etag, "W/\"");

	end = stpcpy(end, in_json ? store_revision(store) : version);
	stpcpy(end, in_json ? "-json\"" : "-html\"");
}

static void answer_unchanged(struct response *response, bool in_json)
{
	if (in_json)
		answer_json(response, 304);
	else
		answer_page(response, 304);
}

static void answer_as_asked(struct site *site, struct request *request, struct response *response,
	const struct place *place)
{
	bool in_json = answer_in_json(request);
	int64_t now = site->clock();
	char version[KEPT_PAGE_VERSION_SIZE], etag[ETAG_SIZE];

	page_cache_version(version, site->store, now);
	write_etag(etag, site->store, version, in_json);
	response_header(response, "ETag", etag);
	if (http_etag_matches(request_param(request, "HTTP_IF_NONE_MATCH"), etag))
		answer_unchanged(response, in_json);
	else if (place->search.problem != USERNAME_EMPTY)
		user_search_answer(site, response, &place->search, now, in_json);
	else if (is_newest_page(place, in_json))
		answer_newest_page(site, response, now, version);
	else
		answer_part(site, response, place, now, in_json);
}

static void get(struct site *site, struct request *request, struct response *response)
{
	const char *reason;
	struct place place = {0};

	enum result result = parse_query(request_query(request), &place, &reason);
	if (result == RESULT_OK)
		answer_as_asked(site, request, response, &place);
	else
		refuse(request, response, result, reason);
	buffer_free(&place.search.typed);
}

const struct route users_route = {.path = "/users", .get = get};
