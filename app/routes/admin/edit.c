/*
 * One change of an organiser's, from the request to the log. A client that goes away takes nothing
 * back: what is on its way to be stored is stored all the same, and a change must never be made
 * without a line that says whose it was.
 */
#include "routes/admin/edit.h"

#include <stddef.h>
#include <string.h>

#include "base/meters/meters.h"
#include "routes/admin/sheet_input.h"
#include "routes/answer.h"
#include "views/problems/name_problem.h"

static void log_user_edit(const struct edit *edit, uint64_t number)
{
	log_event(edit->site->log, LOG_INFO, edit->event, LOG_TEXT("organiser", edit->organiser),
		LOG_NUMBER("number", number),
		LOG_TEXT("id", request_id(response_request(edit->response))));
}

/* Which settings, with commas between them: their values can be long. */
static void log_sheet_edit(const struct edit *edit)
{
	char names[128], *end = names;

	*end = '\0';
	for (unsigned i = 0; i < SHEET_SETTINGS; i++) {
		if ((edit->changed & sheet_setting_bit((enum sheet_setting)i)) != 0)
			end = stpcpy(stpcpy(end, end == names ? "" : ","), sheet_input_names[i]);
	}
	log_event(edit->site->log, LOG_INFO, "sheet-changed",
		LOG_TEXT("organiser", edit->organiser), LOG_TEXT("settings", names),
		LOG_TEXT("id", request_id(response_request(edit->response))));
}

/* store_outcome_cb */
static void on_edit_over(void *argument, enum result result, const struct user *user)
{
	const struct edit *edit = argument;
	struct response *response = edit->response;

	if (result == RESULT_OK && user != NULL)
		log_user_edit(edit, user->number);
	else if (result == RESULT_OK)
		log_sheet_edit(edit);
	/* To rename a user to what it is called is no change, and there is no line of one. */
	edit->on_done(edit->argument, result == RESULT_UNCHANGED ? RESULT_OK : result, user);
	response_release(response);
}

/* What the store says at once: it has begun, or it refuses. */
static void begin_edit(const struct edit *edit, enum result result, const struct user *holder)
{
	if (result == RESULT_OK) {
		response_hold(edit->response);
		return;
	}
	bool has_holder = result == RESULT_TAKEN || result == RESULT_ALIKE;
	edit->on_done(edit->argument, result, has_holder ? holder : NULL);
}

void edit_remove(struct edit *edit, uint64_t number)
{
	struct store_job *job;

	edit->event = "user-removed";
	begin_edit(edit, store_remove(edit->site->store, number, on_edit_over, edit, &job), NULL);
}

void edit_rename(struct edit *edit, uint64_t number, const struct username *username)
{
	struct store_job *job;
	struct user holder;

	edit->event = "user-renamed";
	enum result result = store_rename(
		edit->site->store, number, username, on_edit_over, edit, &job, &holder);
	begin_edit(edit, result, &holder);
}

void edit_add(struct edit *edit, const struct username *username)
{
	struct store_job *job;
	struct user holder;

	edit->event = "user-added";
	enum result result =
		store_create(edit->site->store, username, on_edit_over, edit, &job, &holder);
	begin_edit(edit, result, &holder);
}

void edit_sheet(struct edit *edit, const struct sheet_settings *changes)
{
	struct store_job *job;

	edit->changed = changes->set | changes->reset;
	begin_edit(
		edit, store_set_sheet(edit->site->store, changes, on_edit_over, edit, &job), NULL);
}

struct problem_json edit_problem(enum result result, const struct user *user)
{
	switch (result) {
	case RESULT_MISSING:
		return (struct problem_json){
			.status = 404, .detail = "There is no user with that number."};
	case RESULT_TAKEN:
		return name_problem_taken(user);
	case RESULT_ALIKE:
		return name_problem_alike(user);
	case RESULT_NO_SEAT:
		return (struct problem_json){.status = 409,
			.detail = "All seats are taken, or there are as many users as there "
				  "may be. Make more seats, or remove a user, then add this one."};
	case RESULT_CHANGED:
		return (struct problem_json){.status = 409,
			.detail = "Another organiser has changed the settings meanwhile. Look at "
				  "them, then try again."};
	case RESULT_UNKNOWN:
		meters_refused(REFUSED_STORE);
		return (struct problem_json){.status = 503,
			.detail = "It could not be confirmed that the change was stored. Please "
				  "look whether it is there before you try again."};
	default:
		meters_refused(result == RESULT_LIMIT ? REFUSED_QUEUE : REFUSED_STORE);
		return (struct problem_json){.status = 503,
			.detail = "The change could not be stored. Please try again in a little "
				  "while."};
	}
}
