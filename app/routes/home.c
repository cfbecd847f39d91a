/*
 * GET /: the greeting, the number of users, the form and the latest few. The page is the same for
 * everybody until a user is added, a minute has passed, or it opens or closes, so it is kept, and
 * sent as it was rendered. A link to it can fill the form with a name: that page is rendered each
 * time.
 */
#include "views/home.h"

#include <string.h>

#include "http/form.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/names/username.h"
#include "store/store.h"
#include "views/home_json.h"

#define LATEST 5 /* users */

static void get_home(struct site *site, struct request *request, struct response *response);
static void on_latest(void *argument, const struct store_answer *answer);
static void on_latest_for_name(void *argument, const struct store_answer *answer);

const struct route home_route = {.path = "/", .get = get_home};

static void send_kept_home(const struct site *site, struct response *response)
{
	response_lend_body(response, &site->home.body);
	answer_page(response, 200);
}

static void send_home_json(
	const struct site *site, struct response *response, const struct store_view *view)
{
	const struct sheet_status status =
		sheet_status_of(&site->sheet, view->users, site->clock());

	home_json_view(response_body(response), &site->sheet.text, &status, view->users);
	answer_json(response, 200);
}

/* A page from before the sheet opened or closed is not sent after it. */
static bool is_home_kept(const struct site *site, const struct store_view *view)
{
	int64_t now = site->clock();

	return page_cache_shows(&site->home, view, now) &&
	       site->home_phase == sheet_phase(&site->sheet, now);
}

/* Without a question, if the view alone is enough. */
static bool send_home_at_once(const struct site *site, struct response *response, bool in_json,
	const struct store_view *view)
{
	if (in_json) {
		send_home_json(site, response, view);
		return true;
	}
	if (!is_home_kept(site, view))
		return false;
	send_kept_home(site, response);
	return true;
}

/* The form with a name in it. */
struct filled_form {
	struct lookup lookup;
	struct username username;
};

/* Whether the query has a name for the form: only one that would be accepted, so that no link makes
 * the page show any other text. */
static bool name_in_query(const char *query, struct username *username)
{
	struct form_field field = {.name = "username"};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, query, strlen(query));
	bool is_name =
		form_finish(&form) == RESULT_OK && field.value.length > 0 &&
		username_parse(field.value.bytes, field.value.length, username) == USERNAME_FINE;
	buffer_free(&field.value);
	return is_name;
}

/* False if the query has no name. */
static bool fill_form(struct site *site, struct request *request, struct response *response)
{
	const char *query = request_query(request);
	struct username username;

	if (*query == '\0' || !name_in_query(query, &username))
		return false;
	struct filled_form *filled = request_memory(request, sizeof(*filled));
	*filled = (struct filled_form){.username = username,
		.lookup = {.site = site,
			.response = response,
			.on_answered = on_latest_for_name,
			.argument = filled}};
	lookup_begin(&filled->lookup, &(struct store_question){.most = LATEST});
	return true;
}

static void get_home(struct site *site, struct request *request, struct response *response)
{
	bool is_fresh = lookup_is_fresh(site, request);
	const struct store_view *view = is_fresh ? NULL : store_view(site->store, 0);
	bool in_json = answer_in_json(request);

	if (!in_json && fill_form(site, request, response))
		return;
	if (view != NULL && send_home_at_once(site, response, in_json, view))
		return;
	struct lookup *lookup = request_memory(request, sizeof(*lookup));
	*lookup = (struct lookup){.site = site,
		.response = response,
		.in_json = in_json,
		.on_answered = on_latest,
		.argument = lookup};
	lookup_begin(lookup,
		&(struct store_question){.is_fresh = is_fresh, .most = in_json ? 0 : LATEST});
}

/* lookup_answered_cb */
static void on_latest_for_name(void *argument, const struct store_answer *answer)
{
	const struct filled_form *filled = argument;
	struct response *response = filled->lookup.response;
	const struct sheet *sheet = &filled->lookup.site->sheet;
	int64_t now = filled->lookup.site->clock();

	home_view(response_body(response),
		&(struct home_view){.sheet = &sheet->text,
			.status = sheet_status_of(sheet, answer->view->users, now),
			.users = answer->view->users,
			.typed = filled->username.text,
			.typed_length = filled->username.length,
			.latest = answer->users,
			.latest_count = answer->count,
			.last_seat = answer->view->last_seat,
			.now = now});
	answer_page(response, 200);
}

/* Keeps the page, of the moment of the answer. */
static void render_home(struct site *site, const struct store_answer *answer)
{
	int64_t now = site->clock();

	site->home_phase = sheet_phase(&site->sheet, now);
	home_view(page_cache_renew(&site->home, answer->view, now),
		&(struct home_view){.sheet = &site->sheet.text,
			.status = sheet_status_of(&site->sheet, answer->view->users, now),
			.users = answer->view->users,
			.latest = answer->users,
			.latest_count = answer->count,
			.last_seat = answer->view->last_seat,
			.now = now});
}

static void on_latest(void *argument, const struct store_answer *answer)
{
	const struct lookup *lookup = argument;

	if (send_home_at_once(lookup->site, lookup->response, lookup->in_json, answer->view))
		return;
	render_home(lookup->site, answer);
	send_kept_home(lookup->site, lookup->response);
}
