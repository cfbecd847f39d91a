/*
 * Forms of the organiser's pages: a few fields of text. They come from pages of this site, so what
 * is wrong with one is said in general words.
 */
#include "routes/admin/form_body.h"

#include <string.h>

#include "http/form.h"
#include "http/http.h"
#include "routes/answer.h"
#include "routes/submission.h"

/* In memory of the request. */
static const char *keep_value(struct request *request, const struct form_field *field)
{
	if (!field->is_present)
		return NULL;
	char *kept = request_memory(request, field->value.length + 1);
	if (field->value.length > 0)
		memcpy(kept, field->value.bytes, field->value.length);
	return kept;
}

static enum result read_form_fields(
	struct request *request, struct form_field *fields, size_t count)
{
	struct form form;
	char chunk[4096];
	size_t length;

	form_begin(&form, fields, count);
	while ((length = request_read(request, chunk, sizeof(chunk))) > 0)
		form_feed(&form, chunk, length);
	return form_finish(&form);
}

bool form_body_read(struct request *request, struct response *response, const char *const *names,
	const char **values, size_t count)
{
	struct form_field fields[FORM_BODY_MOST] = {{0}};
	const char *parameters;

	if (!http_media_type_is(request_param(request, "CONTENT_TYPE"),
		    "application/x-www-form-urlencoded", &parameters) ||
		submission_is_coded(request)) {
		answer_problem(request, response, 415);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		fields[i].name = names[i];
	enum result result = read_form_fields(request, fields, count);
	for (size_t i = 0; i < count; i++) {
		values[i] = result == RESULT_OK ? keep_value(request, &fields[i]) : NULL;
		buffer_free(&fields[i].value);
	}
	if (result != RESULT_OK)
		answer_problem(request, response, result == RESULT_MEMORY ? 503 : 400);
	return result == RESULT_OK;
}
