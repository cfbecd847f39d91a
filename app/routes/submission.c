/*
 * Reads the one text that a sign-up brings, from a form or from JSON. What is wrong is said once,
 * in the words of the response.
 */
#include "routes/submission.h"

#include <stdio.h>
#include <string.h>

#include "base/json_reader.h"
#include "http/body.h"
#include "http/form.h"
#include "views/problems/problem.h"

static void take_form(struct submission *submission, const struct buffer *body);
static void take_json(struct submission *submission, const struct buffer *body);
static void refuse_submission_body(struct submission *submission, const struct body *body);
static void submission_refuse(struct submission *submission, unsigned status, const char *detail);
static void refuse_unreadable(struct submission *submission, const char *reason);

void submission_read(struct request *request, struct submission *submission)
{
	submission_read_field(request, "username", submission);
}

void submission_read_field(struct request *request, const char *name, struct submission *submission)
{
	struct body body;

	*submission = (struct submission){.name = name};
	if (!body_read(request, BODY_FORM | BODY_JSON, &body))
		refuse_submission_body(submission, &body);
	else if (body.is_json)
		take_json(submission, &body.bytes);
	else
		take_form(submission, &body.bytes);
	submission->is_json = body.is_json;
	buffer_free(&body.bytes);
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

static void refuse_submission_body(struct submission *submission, const struct body *body)
{
	submission->field = body->field;
	submission->would_do = body->would_do;
	if (body->status == 400)
		refuse_unreadable(submission, body->reason);
	else
		submission_refuse(submission, body->status,
			body->reason != NULL ? body->reason : problem_words(body->status));
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
