#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../form.h"
#include "../heap.h"
#include "../http.h"
#include "../site.h"
#include "../store/store.h"
#include "../store/username.h"
#include "../views/home.h"
#include "answer.h"
#include "routes.h"

/* A create that the store has not answered yet. */
struct job {
	struct site *site;
	struct response *response;
	struct store_create *create;
	struct buffer typed;
};

static void post(struct site *site, struct request *request, struct response *response);
static bool is_from_elsewhere(struct request *request);
static bool is_form(struct request *request);
static enum status read_username(struct request *request, struct buffer *username);
static void create(struct site *site, struct response *response, struct buffer *typed);
static void on_created(void *argument, enum status status, const struct user *user);
static void on_abandoned(void *argument);

const struct route create_user_route = {.path = "/create-user", .post = post};

static void post(struct site *site, struct request *request, struct response *response)
{
	struct buffer typed = {0};

	if (is_from_elsewhere(request)) {
		answer_problem(request, response, 403);
		return;
	}
	if (!is_form(request)) {
		answer_problem(request, response, 415);
		return;
	}
	switch (read_username(request, &typed)) {
	case STATUS_OK:
		create(site, response, &typed);
		break;
	case STATUS_MEMORY:
		answer_problem(request, response, 503);
		break;
	default:
		answer_problem(request, response, 400);
		break;
	}
	buffer_free(&typed);
}

/*
 * The form needs no session, so any page on the web could post it. Browsers say where a request
 * comes from: in Sec-Fetch-Site on secure origins (Fetch Metadata, section 2.4; "none" is the
 * person themselves), else in Origin. Programs that are not browsers say neither.
 */
static bool is_from_elsewhere(struct request *request)
{
	const char *fetch_site = request_param(request, "HTTP_SEC_FETCH_SITE");
	const char *origin = request_param(request, "HTTP_ORIGIN");

	if (fetch_site != NULL && *fetch_site != '\0')
		return strcmp(fetch_site, "same-origin") != 0 && strcmp(fetch_site, "none") != 0;
	if (origin != NULL && *origin != '\0')
		return !http_origin_has_authority(origin, request_param(request, "HTTP_HOST"));
	return false;
}

/* UTF-8 is the only encoding there is; a charset that says so is welcome, any other is not. */
static bool is_form(struct request *request)
{
	const char *content_type = request_param(request, "CONTENT_TYPE");
	const char *parameters;

	if (!http_media_type_is(content_type, "application/x-www-form-urlencoded", &parameters))
		return false;
	const char *charset = strcasestr(parameters, "charset=");
	if (charset == NULL)
		return true;
	charset += strlen("charset=");
	charset += *charset == '"' ? 1 : 0;
	return strncasecmp(charset, "utf-8", 5) == 0 && strchr("\"; \t", charset[5]) != NULL;
}

/* Whether the body is as long as the web server said: if not, it was cut off on its way. */
static bool is_whole(struct request *request, size_t length)
{
	const char *announced = request_param(request, "CONTENT_LENGTH");
	char *end;

	if (announced == NULL || *announced == '\0')
		return true;
	return strtoull(announced, &end, 10) == length && *end == '\0';
}

static enum status read_username(struct request *request, struct buffer *username)
{
	struct form_field field = {.name = "username"};
	struct form form;
	char chunk[4096];
	size_t length, total = 0;

	form_begin(&form, &field, 1);
	while ((length = request_read(request, chunk, sizeof(chunk))) > 0) {
		form_feed(&form, chunk, length);
		total += length;
	}
	enum status status = form_finish(&form);
	if (status == STATUS_OK && !is_whole(request, total))
		status = STATUS_MALFORMED;
	*username = field.value;
	return status;
}

/* The form again, with what was typed and why it was not taken. */
static void show_form(struct site *site, struct response *response, unsigned status,
	const struct buffer *typed, const char *problem, const struct user *holder)
{
	home_view(response_body(response), &(struct home_view){.users = store_count(site->store),
						   .typed = typed->bytes,
						   .typed_length = typed->length,
						   .problem = problem,
						   .holder = holder});
	if (status == 503)
		answer_later(response);
	answer_page(response, status);
}

static const char *describe(enum username_problem problem)
{
	switch (problem) {
	case USERNAME_EMPTY:
		return "Enter a username.";
	case USERNAME_TOO_LONG:
		return "A username has at most 64 characters.";
	case USERNAME_CHARACTER:
		return "A username has only letters and digits, with spaces, dots, hyphens or "
		       "underscores between them.";
	case USERNAME_SEPARATOR:
		return "A space, dot, hyphen or underscore stands alone between two letters or "
		       "digits, not at an end or beside "
		       "another.";
	case USERNAME_MARK:
		return "An accent or other mark needs a letter before it.";
	case USERNAME_DIRECTION:
		return "A username is written either from left to right or from right to left, not "
		       "both.";
	case USERNAME_DIGITS:
		return "A username has Arabic-Indic digits of one kind only.";
	case USERNAME_FINE:
		break;
	}
	return NULL;
}

static void show_taken(struct site *site, struct response *response, const struct buffer *typed,
	const struct user *holder)
{
	show_form(site, response, 409, typed, "That username is taken by", holder);
}

static void show_unavailable(
	struct site *site, struct response *response, const struct buffer *typed)
{
	show_form(site, response, 503, typed,
		"Your name could not be stored. Please try again in a little while.", NULL);
}

/* Holds the response until the store has answered. */
static struct job *begin_job(struct site *site, struct response *response, struct buffer *typed)
{
	struct job *job = heap_zeroed(sizeof(*job));

	job->site = site;
	job->response = response;
	job->typed = *typed;
	*typed = (struct buffer){0};
	response_hold(response);
	response_on_abandon(response, on_abandoned, job);
	return job;
}

static void end_job(struct job *job)
{
	struct response *response = job->response;

	buffer_free(&job->typed);
	free(job);
	response_release(response);
}

static void create(struct site *site, struct response *response, struct buffer *typed)
{
	struct username username;
	struct user holder;
	enum username_problem problem =
		username_parse(typed->length > 0 ? typed->bytes : "", typed->length, &username);

	if (problem != USERNAME_FINE) {
		show_form(site, response, 422, typed, describe(problem), NULL);
		return;
	}
	struct job *job = begin_job(site, response, typed);
	switch (store_create(site->store, &username, on_created, job, &job->create, &holder)) {
	case STATUS_OK:
		return;
	case STATUS_TAKEN:
		show_taken(site, response, &job->typed, &holder);
		break;
	default:
		show_unavailable(site, response, &job->typed);
		break;
	}
	end_job(job);
}

/* The list says who was created: by number, looked up there, so that nobody can make it say
 * anything else. */
static void redirect(struct response *response, const struct user *user)
{
	char location[64];

	snprintf(location, sizeof(location), "/users?created=%" PRIu64, user->number);
	response_header(response, "Location", location);
	answer_page(response, 303);
}

/* store_created */
static void on_created(void *argument, enum status status, const struct user *user)
{
	struct job *job = argument;

	if (status == STATUS_OK)
		redirect(job->response, user);
	else if (status == STATUS_TAKEN)
		show_taken(job->site, job->response, &job->typed, user);
	else
		show_unavailable(job->site, job->response, &job->typed);
	end_job(job);
}

/* The person has gone: what is not on its way to the disk yet need not go there. */
static void on_abandoned(void *argument)
{
	struct job *job = argument;

	store_cancel(job->site->store, job->create);
	end_job(job);
}
