#include "../views/users.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../form.h"
#include "../http.h"
#include "../limit.h"
#include "../site.h"
#include "../store/store.h"
#include "answer.h"
#include "routes.h"

/* What the query asks for. */
struct place {
	enum store_from from;
	uint64_t number;
	uint64_t created; /* 0 if it does not say */
};

/* A number without a sign, of a user or between users. */
static enum status parse_number(const struct form_field *field, uint64_t *number)
{
	const struct buffer *text = &field->value;

	*number = 0;
	if (!field->is_present)
		return STATUS_OK;
	if (text->length == 0)
		return STATUS_MALFORMED;
	for (size_t i = 0; i < text->length; i++) {
		if (text->bytes[i] < '0' || text->bytes[i] > '9')
			return STATUS_MALFORMED;
		*number = *number * 10 + (uint64_t)(text->bytes[i] - '0');
		if (*number > LIMIT_PLACE)
			return STATUS_MALFORMED;
	}
	return STATUS_OK;
}

static enum status read_place(const struct form_field fields[3], struct place *place)
{
	const struct form_field *before = &fields[0], *after = &fields[1], *created = &fields[2];

	if (before->is_present && after->is_present)
		return STATUS_MALFORMED;
	place->from = before->is_present  ? STORE_OLDER_THAN
		      : after->is_present ? STORE_NEWER_THAN
					  : STORE_NEWEST;
	enum status status = parse_number(before->is_present ? before : after, &place->number);
	return status == STATUS_OK ? parse_number(created, &place->created) : status;
}

static enum status parse_query(const char *query, struct place *place)
{
	struct form_field fields[3] = {{.name = "before"}, {.name = "after"}, {.name = "created"}};
	struct form form;

	form_begin(&form, fields, 3);
	form_feed(&form, query, strlen(query));
	enum status status = form_finish(&form);
	if (status == STATUS_OK)
		status = read_place(fields, place);
	for (size_t i = 0; i < 3; i++)
		buffer_free(&fields[i].value);
	return status;
}

static void write_page(struct site *site, struct response *response, const struct place *place)
{
	struct user users[LIMIT_PAGE_MOST];
	struct user created;
	bool is_known = place->created > 0 && store_user(site->store, place->created, &created);
	struct store_page page =
		store_page(site->store, place->from, place->number, users, site->page_size);

	users_view(response_body(response), &(struct users_view){.total = store_count(site->store),
						    .users = users,
						    .count = page.count,
						    .has_newer = page.has_newer,
						    .has_older = page.has_older,
						    .place = place->number,
						    .created = is_known ? &created : NULL});
}

static void get(struct site *site, struct request *request, struct response *response)
{
	struct place place;
	char etag[80];

	if (parse_query(request_query(request), &place) != STATUS_OK) {
		answer_problem(request, response, 400);
		return;
	}
	/* Weak, since nginx may compress the page on its way. */
	snprintf(etag, sizeof(etag), "W/\"%s\"", store_revision(site->store));
	response_header(response, "ETag", etag);
	if (http_etag_matches(request_param(request, "HTTP_IF_NONE_MATCH"), etag)) {
		answer_page(response, 304);
		return;
	}
	write_page(site, response, &place);
	answer_page(response, 200);
}

const struct route users_route = {.path = "/users", .get = get};
