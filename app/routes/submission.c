/*
 * Reads the body of a sign-up: its media type, its coding, then a form or JSON. What is wrong is
 * said once, in the order in which a client would have to put it right.
 */
#include "routes/submission.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"
#include "base/json_reader.h"
#include "http/form.h"
#include "http/http.h"
#include "http/parameter.h"
#include "views/problems/problem.h"

static bool check_type(struct request *request, struct submission *submission);
static bool check_coding(struct request *request, struct submission *submission);
static const char *read_body(struct request *request, struct buffer *body);
static void take_form(struct submission *submission, const struct buffer *body);
static void take_json(struct submission *submission, const struct buffer *body);
static void submission_refuse(struct submission *submission, unsigned status, const char *detail);
static void refuse_unreadable(struct submission *submission, const char *reason);

void submission_read(struct request *request, struct submission *submission)
{
	submission_read_field(request, "username", submission);
}

void submission_read_field(struct request *request, const char *name, struct submission *submission)
{
	struct buffer body = {0};

	*submission = (struct submission){.name = name};
	if (!check_type(request, submission) || !check_coding(request, submission))
		return;
	const char *reason = read_body(request, &body);
	if (body.failed)
		submission_refuse(submission, 503, problem_words(503));
	else if (reason != NULL)
		refuse_unreadable(submission, reason);
	else if (submission->is_json)
		take_json(submission, &body);
	else
		take_form(submission, &body);
	buffer_free(&body);
}

static void submission_refuse(struct submission *submission, unsigned status, const char *detail)
{
	submission->status = status;
	snprintf(submission->detail, sizeof(submission->detail), "%s", detail);
}

static void refuse_unreadable(struct submission *submission, const char *reason)
{
	submission->status = 400;
	snprintf(submission->detail, sizeof(submission->detail), "The body could not be read: %s.",
		reason);
}

/* What is wrong with the parameters of the media type, or NULL. */
static const char *find_fault(const char *parameters, bool is_json)
{
	static const char unreadable[] = "The media type of the body could not be read.";
	struct parameter parameter;

	while (parameter_next(&parameters, &parameter)) {
		if (!parameter.is_whole)
			return unreadable;
		if (!is_json && parameter_is_named(&parameter, "charset") &&
			!parameter_is_utf8(&parameter))
			return "A form must be in UTF-8.";
	}
	return *parameters == '\0' ? NULL : unreadable;
}

/* False: it is refused. */
static bool check_type(struct request *request, struct submission *submission)
{
	const char *type = request_param(request, "CONTENT_TYPE"), *parameters;
	const char *fault = problem_words(415);

	submission->is_json = http_media_type_is(type, "application/json", &parameters);
	if (submission->is_json ||
		http_media_type_is(type, "application/x-www-form-urlencoded", &parameters))
		fault = find_fault(parameters, submission->is_json);
	if (fault == NULL)
		return true;
	submission_refuse(submission, 415, fault);
	submission->field = "Accept";
	submission->would_do = "application/x-www-form-urlencoded, application/json";
	return false;
}

/* Whether nothing has been done to the body (RFC 9110, section 8.4). */
static bool is_identity(const char *codings)
{
	while (*(codings += strspn(codings, ", \t")) != '\0') {
		size_t length = strcspn(codings, ", \t");
		if (length != 8 || strncasecmp(codings, "identity", length) != 0)
			return false;
		codings += length;
	}
	return true;
}

bool submission_is_coded(struct request *request)
{
	const char *codings = request_param(request, "HTTP_CONTENT_ENCODING");

	return codings != NULL && !is_identity(codings);
}

/* The same. Clients tell from the header field of the answer what it is about (section 12.5.3). */
static bool check_coding(struct request *request, struct submission *submission)
{
	if (!submission_is_coded(request))
		return true;
	submission_refuse(submission, 415, "The body must not have a Content-Encoding.");
	submission->field = "Accept-Encoding";
	submission->would_do = "identity";
	return false;
}

/* Whether the body is as long as the web server said. Returns what is wrong, or NULL. */
static const char *check_length(struct request *request, size_t length)
{
	const char *announced = request_param(request, "CONTENT_LENGTH");
	uint64_t number;

	if (announced == NULL || *announced == '\0')
		return NULL;
	if (!decimal_read(announced, &number))
		return "its length is not a number";
	return number == length ? NULL : "it was cut off";
}

/* Returns what is wrong, or NULL. */
static const char *read_body(struct request *request, struct buffer *body)
{
	char chunk[4096];
	size_t length, total = 0;

	while ((length = request_read(request, chunk, sizeof(chunk))) > 0) {
		buffer_append(body, chunk, length);
		total += length;
	}
	return check_length(request, total);
}

static void take_form(struct submission *submission, const struct buffer *body)
{
	struct form_field field = {.name = submission->name};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, body->bytes, body->length);
	enum result result = form_finish(&form);
	submission->value = field.value;
	if (result == RESULT_MEMORY)
		submission_refuse(submission, 503, problem_words(503));
	else if (result != RESULT_OK)
		refuse_unreadable(submission, form.reason);
}

static void refuse_member(struct submission *submission, const char *before, const char *after)
{
	submission->status = 422;
	snprintf(submission->detail, sizeof(submission->detail), "%s %s%s.", before,
		submission->name, after);
	snprintf(submission->pointer, sizeof(submission->pointer), "#/%s", submission->name);
}

/* By the kind of the member. */
static void judge_member(struct submission *submission, enum json_field_kind kind)
{
	switch (kind) {
	case JSON_FIELD_MISSING:
	case JSON_FIELD_STRING:
		return;
	case JSON_FIELD_OTHER:
		refuse_member(submission, "A", " is a string");
		break;
	case JSON_FIELD_REPEATED:
		refuse_member(submission, "The member", " is repeated");
		break;
	}
}

static void take_json(struct submission *submission, const struct buffer *body)
{
	struct json_field field = {.name = submission->name};
	struct json_object object = {.fields = &field, .count = 1};
	enum result result =
		json_reader_read(body->length > 0 ? body->bytes : "", body->length, &object);

	submission->value = field.text;
	if (result == RESULT_MEMORY) {
		submission_refuse(submission, 503, problem_words(503));
	} else if (result != RESULT_OK) {
		refuse_unreadable(submission, object.reason);
	} else if (!object.is_object) {
		refuse_member(submission, "The body is not an object with the member", "");
		snprintf(submission->pointer, sizeof(submission->pointer), "#");
	} else {
		judge_member(submission, field.kind);
	}
}
