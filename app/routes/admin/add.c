/*
 * /admin/add: an organiser puts a name on the list, also while sign-up is closed: somebody at the
 * door has no telephone. The seats count for organisers as for everybody else, since the list
 * promises them. `rollcall add` posts the same form, and wants JSON.
 */
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "routes/admin/edit.h"
#include "routes/admin/form_body.h"
#include "routes/answer.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "views/admin/member.h"
#include "views/problems/name_problem.h"
#include "views/user_json.h"

struct addition {
	struct edit edit;
	bool in_json;
	const char *typed;
};

static void get_add(struct site *site, struct request *request, struct response *response);
static void post_add(struct site *site, struct request *request, struct response *response);
static edit_done_cb on_added;

const struct route admin_add_route = {.path = "/admin/add", .get = get_add, .post = post_add};

static void get_add(struct site *site, struct request *request, struct response *response)
{
	if (organiser_admit_page(request, response) == NULL)
		return;
	add_view(response_body(response), &(struct add_view){.sheet = &site->sheet.text});
	answer_private_page(response, 200);
}

static void refuse_addition(const struct addition *addition, const struct problem_json *problem)
{
	struct response *response = addition->edit.response;

	if (addition->in_json) {
		answer_problem_json(response, *problem);
		return;
	}
	add_view(response_body(response),
		&(struct add_view){.sheet = &addition->edit.site->sheet.text,
			.typed = addition->typed,
			.typed_length = strlen(addition->typed),
			.problem = problem});
	if (problem->status == 503)
		answer_later(response);
	answer_private_page(response, problem->status);
}

static void post_add(struct site *site, struct request *request, struct response *response)
{
	static const char *const names[] = {"username"};
	const char *organiser = organiser_admit_page(request, response), *typed;
	struct name_problem name;
	struct username username;

	if (organiser == NULL || !form_body_read(request, response, names, &typed, 1))
		return;
	struct addition *addition = request_memory(request, sizeof(*addition));
	*addition = (struct addition){.edit = {.site = site,
					      .response = response,
					      .organiser = organiser,
					      .on_done = on_added,
					      .argument = addition},
		.in_json = answer_in_json(request),
		.typed = typed != NULL ? typed : ""};
	size_t length = strlen(addition->typed);
	enum username_problem problem = username_parse(addition->typed, length, &username);
	if (problem == USERNAME_FINE) {
		edit_add(&addition->edit, &username);
		return;
	}
	name_problem_refuse(&name, problem, &username, addition->typed, length);
	refuse_addition(addition, &name.problem);
}

static void on_added(void *argument, enum result result, const struct user *user)
{
	const struct addition *addition = argument;
	struct response *response = addition->edit.response;
	const struct problem_json problem = edit_problem(result, user);
	char location[LIMIT_ADDRESS];

	if (result != RESULT_OK) {
		refuse_addition(addition, &problem);
		return;
	}
	char *end = stpcpy(location, addition->in_json ? "/users/" : "/admin?added=");
	end[decimal_write(user->number, end)] = '\0';
	answer_location(response, location);
	if (addition->in_json) {
		user_json_view_seated(
			response_body(response), user, store_last_seat(addition->edit.site->store));
		answer_json(response, 201);
	} else {
		answer_private_page(response, 303);
	}
}
