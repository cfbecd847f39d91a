#include "submission.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../decimal.h"
#include "../form.h"
#include "../http.h"
#include "../json_reader.h"
#include "../views/problem.h"

static bool is_in_utf8(const char *parameters);
static bool is_of_type(const char *content_type, const char *media_type);
static const char *read_body(struct request *request, struct buffer *body);
static void take_form(struct submission *submission, const struct buffer *body);
static void take_json(struct submission *submission, const struct buffer *body);
static void refuse(struct submission *submission, unsigned status, const char *detail);
static void refuse_unreadable(struct submission *submission, const char *reason);

void submission_read(struct request *request, struct submission *submission)
{
	const char *type = request_param(request, "CONTENT_TYPE");
	bool is_json = is_of_type(type, "application/json");
	struct buffer body = {0};

	*submission = (struct submission){0};
	if (!is_json && !is_of_type(type, "application/x-www-form-urlencoded")) {
		refuse(submission, 415, problem_words(415));
		return;
	}
	const char *reason = read_body(request, &body);
	if (body.failed)
		refuse(submission, 503, problem_words(503));
	else if (reason != NULL)
		refuse_unreadable(submission, reason);
	else if (is_json)
		take_json(submission, &body);
	else
		take_form(submission, &body);
	buffer_free(&body);
}

static void refuse(struct submission *submission, unsigned status, const char *detail)
{
	submission->status = status;
	snprintf(submission->detail, sizeof(submission->detail), "%s", detail);
}

static void refuse_unreadable(struct submission *submission, const char *reason)
{
	submission->status = 400;
	snprintf(submission->detail, sizeof(submission->detail),
		"What was sent could not be read: %s.", reason);
}

static bool is_of_type(const char *content_type, const char *media_type)
{
	const char *parameters;

	return http_media_type_is(content_type, media_type, &parameters) && is_in_utf8(parameters);
}

/* UTF-8 is the only encoding there is; a charset that says so is welcome, any other is not. */
static bool is_in_utf8(const char *parameters)
{
	const char *charset = strcasestr(parameters, "charset=");

	if (charset == NULL)
		return true;
	charset += strlen("charset=");
	charset += *charset == '"' ? 1 : 0;
	return strncasecmp(charset, "utf-8", 5) == 0 && strchr("\"; \t", charset[5]) != NULL;
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
	return number == length ? NULL : "it was cut off on its way";
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
	struct form_field field = {.name = "username"};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, body->bytes, body->length);
	enum status status = form_finish(&form);
	submission->username = field.value;
	if (status == STATUS_MEMORY)
		refuse(submission, 503, problem_words(503));
	else if (status != STATUS_OK)
		refuse_unreadable(submission, form.reason);
}

/* By the kind of the member. */
static void judge_username(struct submission *submission, enum json_field_kind kind)
{
	switch (kind) {
	case JSON_FIELD_MISSING:
	case JSON_FIELD_STRING:
		return;
	case JSON_FIELD_OTHER:
		refuse(submission, 422, "A username is a string.");
		break;
	case JSON_FIELD_REPEATED:
		refuse(submission, 422, "The member username is there twice.");
		break;
	}
	submission->pointer = "#/username";
}

static void take_json(struct submission *submission, const struct buffer *body)
{
	struct json_field field = {.name = "username"};
	struct json_object object = {.fields = &field, .count = 1};
	enum status status =
		json_reader_read(body->length > 0 ? body->bytes : "", body->length, &object);

	submission->username = field.text;
	if (status == STATUS_MEMORY) {
		refuse(submission, 503, problem_words(503));
	} else if (status != STATUS_OK) {
		refuse_unreadable(submission, object.reason);
	} else if (!object.is_object) {
		refuse(submission, 422, "What was sent is not an object with the member username.");
		submission->pointer = "#";
	} else {
		judge_username(submission, field.kind);
	}
}
