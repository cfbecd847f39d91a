/*
 * /admin/users/{number}: one user, for the organiser; a form renames it, and a page of its own asks
 * whether it is to be removed. The form says which name it was made for: if another organiser has
 * changed that meanwhile, the second one is told, and not the first one's change lost.
 */
#include "views/admin/member.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "routes/admin/edit.h"
#include "routes/admin/form_body.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "views/problems/name_problem.h"

/* All of it in memory of the request, as are the strings. */
struct member {
	struct edit edit;
	struct lookup check; /* before a rename */
	struct lookup lookup;
	uint64_t number;
	const char *typed;
	const char *was;
	struct name_problem name;
	struct problem_json problem; /* its status is 0 if there is none */
	struct user holder;
	char holder_name[LIMIT_NAME];
	bool is_renamed;
	bool is_removal;
};

static void get_member(struct site *site, struct request *request, struct response *response);
static void get_removal(struct site *site, struct request *request, struct response *response);
static void post_removal(struct site *site, struct request *request, struct response *response);
static void post_rename(struct site *site, struct request *request, struct response *response);
static void on_member(void *argument, const struct store_answer *answer);
static void on_name_checked(void *argument, const struct store_answer *answer);
static edit_done_cb on_member_removed;
static edit_done_cb on_member_renamed;

const struct route admin_user_route = {.path = "/admin/users/" ROUTE_NUMBER, .get = get_member};
const struct route admin_removal_route = {
	.path = "/admin/users/" ROUTE_NUMBER "/remove", .get = get_removal, .post = post_removal};
const struct route admin_rename_route = {
	.path = "/admin/users/" ROUTE_NUMBER "/rename", .post = post_rename};

/* NULL: it was refused. */
static struct member *open_member(
	struct site *site, struct request *request, struct response *response)
{
	const char *organiser = organiser_admit_page(request, response);

	if (organiser == NULL)
		return NULL;
	struct member *member = request_memory(request, sizeof(*member));
	member->number = request_number(request);
	member->edit = (struct edit){
		.site = site, .response = response, .organiser = organiser, .argument = member};
	member->lookup = (struct lookup){
		.site = site, .response = response, .on_answered = on_member, .argument = member};
	return member;
}

static void show_member(struct member *member)
{
	lookup_begin(&member->lookup,
		&(struct store_question){
			.least = member->number, .is_fresh = true, .beside = member->number});
}

static void get_member(struct site *site, struct request *request, struct response *response)
{
	struct member *member = open_member(site, request, response);

	if (member == NULL)
		return;
	member->is_renamed = strcmp(request_query(request), "renamed") == 0;
	show_member(member);
}

static void get_removal(struct site *site, struct request *request, struct response *response)
{
	struct member *member = open_member(site, request, response);

	if (member == NULL)
		return;
	member->is_removal = true;
	show_member(member);
}

static void answer_no_member(struct response *response)
{
	answer_organiser_error(response, 404,
		"There is no user with that number, or an organiser has removed it.");
}

static void render_member(
	const struct member *member, const struct store_answer *answer, struct buffer *out)
{
	const struct user *user = answer->beside;
	uint64_t last_seat = answer->view->last_seat;
	const struct sheet_text *sheet = &member->lookup.site->sheet.text;

	if (member->is_removal)
		member_removal_view(out, sheet, user);
	else
		member_view(out,
			&(struct member_view){.sheet = sheet,
				.user = user,
				.typed = member->typed,
				.typed_length = member->typed != NULL ? strlen(member->typed) : 0,
				.problem = member->problem.status != 0 ? &member->problem : NULL,
				.is_renamed = member->is_renamed,
				.is_waiting = last_seat != 0 && user->number > last_seat});
}

/* lookup_answered_cb */
static void on_member(void *argument, const struct store_answer *answer)
{
	const struct member *member = argument;
	struct response *response = member->lookup.response;

	if (answer->beside == NULL) {
		answer_no_member(response);
		return;
	}
	render_member(member, answer, response_body(response));
	if (member->problem.status == 503)
		answer_later(response);
	answer_private_page(response, member->problem.status != 0 ? member->problem.status : 200);
}

static void post_removal(struct site *site, struct request *request, struct response *response)
{
	struct member *member = open_member(site, request, response);

	if (member == NULL)
		return;
	member->edit.on_done = on_member_removed;
	edit_remove(&member->edit, member->number);
}

/* The browser goes on to a page, whose address has only a number. */
static void lead_to(
	struct response *response, const char *before, uint64_t number, const char *behind)
{
	char location[LIMIT_ADDRESS];

	char *end = stpcpy(location, before);
	end += decimal_write(number, end);
	stpcpy(end, behind);
	answer_location(response, location);
	answer_private_page(response, 303);
}

static void on_member_removed(void *argument, enum result result, const struct user *user)
{
	const struct member *member = argument;
	struct response *response = member->edit.response;

	if (result == RESULT_OK)
		lead_to(response, "/admin?removed=", user->number, "");
	else if (result == RESULT_MISSING)
		answer_no_member(response);
	else
		answer_error(response, false, 503, edit_problem(result, user).detail);
}

static void post_rename(struct site *site, struct request *request, struct response *response)
{
	static const char *const names[] = {"username", "was"};
	const char *values[2];
	struct member *member = open_member(site, request, response);

	if (member == NULL || !form_body_read(request, response, names, values, 2))
		return;
	member->typed = values[0] != NULL ? values[0] : "";
	member->was = values[1];
	member->check = member->lookup;
	member->check.on_answered = on_name_checked;
	lookup_begin(&member->check,
		&(struct store_question){
			.least = member->number, .is_fresh = true, .beside = member->number});
}

/* What the store lends goes before the page is sent. */
static void refuse_rename(struct member *member, const struct problem_json *problem)
{
	member->problem = *problem;
	if (problem->holder != NULL) {
		member->holder = *problem->holder;
		memcpy(member->holder_name, problem->holder->name, problem->holder->name_length);
		member->holder.name = member->holder_name;
		member->problem.holder = &member->holder;
	}
	show_member(member);
}

static void rename_member(struct member *member)
{
	size_t length = strlen(member->typed);
	struct username username;
	enum username_problem problem = username_parse(member->typed, length, &username);

	if (problem == USERNAME_FINE) {
		member->edit.on_done = on_member_renamed;
		edit_rename(&member->edit, member->number, &username);
		return;
	}
	name_problem_refuse(&member->name, problem, &username, member->typed, length);
	refuse_rename(member, &member->name.problem);
}

static bool is_still(const struct user *user, const char *was)
{
	return was == NULL || user_is_called(user, was, strlen(was));
}

/* lookup_answered_cb */
static void on_name_checked(void *argument, const struct store_answer *answer)
{
	struct member *member = argument;

	if (answer->beside == NULL)
		answer_no_member(member->lookup.response);
	else if (!is_still(answer->beside, member->was))
		refuse_rename(member,
			&(struct problem_json){.status = 409,
				.detail = "Another organiser has changed this name meanwhile. "
					  "Press Rename once more to change it again."});
	else
		rename_member(member);
}

static void on_member_renamed(void *argument, enum result result, const struct user *user)
{
	struct member *member = argument;
	const struct problem_json problem = edit_problem(result, user);

	if (result == RESULT_OK)
		lead_to(member->edit.response, "/admin/users/", user->number, "?renamed");
	else if (result == RESULT_MISSING)
		answer_no_member(member->edit.response);
	else
		refuse_rename(member, &problem);
}
