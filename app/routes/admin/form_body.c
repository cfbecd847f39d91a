/*
 * Forms of the organiser's pages: a few fields of text. They come from pages of this site, so what
 * is wrong with one is said in general words.
 */
#include "routes/admin/form_body.h"

#include <string.h>

#include "base/limit.h"
#include "http/body.h"
#include "http/form.h"
#include "routes/answer.h"

/* The longest texts of a sheet fit into a body: 12 bytes for a code point, each byte escaped. */
_Static_assert(
	12 * (LIMIT_TITLE + LIMIT_INTRO + LIMIT_CONTACT + LIMIT_PRIVACY) + 2048 <= LIMIT_BODY,
	"the texts do not fit into a form");

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
	const struct buffer *body, struct form_field *fields, size_t count)
{
	struct form form;

	form_begin(&form, fields, count);
	form_feed(&form, body->bytes, body->length);
	return form_finish(&form);
}

bool form_body_read(struct request *request, struct response *response, const char *const *names,
	const char **values, size_t count)
{
	struct form_field fields[FORM_BODY_MOST] = {{0}};
	struct body body;

	if (!body_read(request, BODY_FORM, &body)) {
		buffer_free(&body.bytes);
		answer_problem(request, response, body.status);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		fields[i].name = names[i];
	enum result result = read_form_fields(&body.bytes, fields, count);
	for (size_t i = 0; i < count; i++) {
		values[i] = result == RESULT_OK ? keep_value(request, &fields[i]) : NULL;
		buffer_free(&fields[i].value);
	}
	buffer_free(&body.bytes);
	if (result != RESULT_OK)
		answer_problem(request, response, result == RESULT_MEMORY ? 503 : 400);
	return result == RESULT_OK;
}
