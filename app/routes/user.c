/*
 * GET /users/{number}: one user. The page has links to the users that signed up just before and
 * just after. Numbers have gaps where users were removed, so the store is asked for both: for the
 * newer one first, of which only the number is kept, then for the user and the older one. What
 * organisers change of a user is in admin/user_changes.c.
 */
#include "views/user.h"

#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/routes.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/user_json.h"

struct user_request {
	struct lookup newer_lookup; /* for the page only */
	struct lookup lookup;
	uint64_t number;
	uint64_t newer; /* the number of the user beside, or 0 */
	bool is_fresh;
};

static void get_user(struct site *site, struct request *request, struct response *response);
static void on_newer(void *argument, const struct store_answer *answer);
static void on_user(void *argument, const struct store_answer *answer);

const struct route user_route = {.path = "/users/" ROUTE_NUMBER,
	.get = get_user,
	.patch = patch_user,
	.delete = delete_user};

static void ask_for_user(struct user_request *asked)
{
	lookup_begin(&asked->lookup, &(struct store_question){.least = asked->number,
					     .is_fresh = asked->is_fresh,
					     .beside = asked->number,
					     .from = STORE_OLDER_THAN,
					     .number = asked->number,
					     .most = asked->lookup.in_json ? 0 : 1});
}

static void ask_for_newer(struct user_request *asked)
{
	asked->newer_lookup = asked->lookup;
	asked->newer_lookup.on_answered = on_newer;
	lookup_begin(&asked->newer_lookup, &(struct store_question){.least = asked->number,
						   .from = STORE_NEWER_THAN,
						   .number = asked->number,
						   .most = 1});
}

static void get_user(struct site *site, struct request *request, struct response *response)
{
	struct user_request *asked = request_memory(request, sizeof(*asked));

	asked->number = request_number(request);
	asked->is_fresh = lookup_is_fresh(site, request);
	asked->lookup = (struct lookup){.site = site,
		.response = response,
		.in_json = answer_in_json(request),
		.on_answered = on_user,
		.argument = asked};
	if (asked->lookup.in_json)
		ask_for_user(asked);
	else
		ask_for_newer(asked);
}

static void on_newer(void *argument, const struct store_answer *answer)
{
	struct user_request *asked = argument;

	asked->newer = answer->count > 0 ? answer->users[0].number : 0;
	ask_for_user(asked);
}

static void on_user(void *argument, const struct store_answer *answer)
{
	const struct user_request *asked = argument;
	struct response *response = asked->lookup.response;

	if (answer->beside == NULL) {
		answer_error(
			response, asked->lookup.in_json, 404, "There is no user with that number.");
	} else if (asked->lookup.in_json) {
		user_json_view_seated(
			response_body(response), answer->beside, answer->view->last_seat);
		answer_json(response, 200);
	} else {
		user_view(response_body(response),
			&(struct user_view){.sheet = &asked->lookup.site->sheet.text,
				.user = answer->beside,
				.last_seat = answer->view->last_seat,
				.total = answer->view->users,
				.newer = asked->newer,
				.older = answer->count > 0 ? answer->users[0].number : 0});
		answer_page(response, 200);
	}
}
