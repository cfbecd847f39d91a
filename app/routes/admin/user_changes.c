/*
 * DELETE and PATCH /users/{number}, for programs: an organiser removes a user, or gives it another
 * name. The number is what cannot be mistaken: it is never used again, so the second of two
 * organisers that remove the same user learns that there is none. Browsers send neither method from
 * a form, so what is wrong is always said in JSON.
 */
#include "routes/admin/edit.h"
#include "routes/answer.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "routes/submission.h"
#include "views/problems/name_problem.h"
#include "views/user_json.h"

static edit_done_cb on_user_removed;
static edit_done_cb on_user_renamed;

/* NULL: it was refused. */
static struct edit *open_edit(struct site *site, struct request *request, struct response *response,
	edit_done_cb *on_done)
{
	const char *organiser = organiser_admit_change(request, response);

	if (organiser == NULL)
		return NULL;
	struct edit *edit = request_memory(request, sizeof(*edit));
	*edit = (struct edit){.site = site,
		.response = response,
		.organiser = organiser,
		.on_done = on_done,
		.argument = edit};
	return edit;
}

void delete_user(struct site *site, struct request *request, struct response *response)
{
	struct edit *edit = open_edit(site, request, response, on_user_removed);

	if (edit != NULL)
		edit_remove(edit, request_number(request));
}

static void on_user_removed(void *argument, enum result result, const struct user *user)
{
	const struct edit *edit = argument;

	if (result == RESULT_OK)
		answer_nothing(edit->response);
	else
		answer_problem_json(edit->response, edit_problem(result, user));
}

static void begin_rename(struct edit *edit, uint64_t number, const struct buffer *typed)
{
	const char *text = typed->length > 0 ? typed->bytes : "";
	struct username username;
	struct name_problem name;
	enum username_problem problem = username_parse(text, typed->length, &username);

	if (problem == USERNAME_FINE) {
		edit_rename(edit, number, &username);
		return;
	}
	name_problem_refuse(&name, problem, &username, text, typed->length);
	answer_problem_json(edit->response, name.problem);
}

static void refuse_body(struct response *response, const struct submission *sent)
{
	if (sent->field != NULL)
		response_header(response, sent->field, sent->would_do);
	answer_problem_json(
		response, (struct problem_json){.status = sent->status,
				  .detail = sent->detail,
				  .pointer = *sent->pointer != '\0' ? sent->pointer : NULL});
}

void patch_user(struct site *site, struct request *request, struct response *response)
{
	struct edit *edit = open_edit(site, request, response, on_user_renamed);
	struct submission sent;

	if (edit == NULL)
		return;
	submission_read(request, &sent);
	if (sent.status == 0)
		begin_rename(edit, request_number(request), &sent.value);
	else
		refuse_body(response, &sent);
	buffer_free(&sent.value);
}

static void on_user_renamed(void *argument, enum result result, const struct user *user)
{
	const struct edit *edit = argument;

	if (result != RESULT_OK) {
		answer_problem_json(edit->response, edit_problem(result, user));
		return;
	}
	user_json_view_seated(
		response_body(edit->response), user, store_last_seat(edit->site->store));
	answer_json(edit->response, 200);
}
