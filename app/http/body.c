/*
 * Reads a body whole: its media type, its coding, then all of its bytes. Every route that takes a
 * body reads it here, so that none takes one that was cut off: a CGI server whose client has gone
 * ends standard input early. What is wrong is said in the order in which a client would have to put
 * it right.
 */
#include "http/body.h"

#include <string.h>
#include <strings.h>

#include "base/decimal.h"
#include "base/scratch.h"
#include "http/http.h"
#include "http/parameter.h"

static bool check_type(struct request *request, unsigned kinds, struct body *body);
static bool check_coding(struct request *request, struct body *body);
static bool read_bytes(struct request *request, struct body *body);

bool body_read(struct request *request, unsigned kinds, struct body *body)
{
	*body = (struct body){.status = 0};
	return check_type(request, kinds, body) && check_coding(request, body) &&
	       read_bytes(request, body);
}

bool body_read_any(struct request *request, struct body *body)
{
	*body = (struct body){.status = 0};
	return check_coding(request, body) && read_bytes(request, body);
}

static bool body_refuse(struct body *body, unsigned status, const char *reason)
{
	body->status = status;
	body->reason = reason;
	return false;
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

static const char *name_kinds(unsigned kinds)
{
	if (kinds == (BODY_FORM | BODY_JSON))
		return "application/x-www-form-urlencoded, application/json";
	return kinds == BODY_JSON ? "application/json" : "application/x-www-form-urlencoded";
}

static bool check_type(struct request *request, unsigned kinds, struct body *body)
{
	const char *type = request_param(request, "CONTENT_TYPE"), *parameters, *fault = NULL;
	bool is_wanted;

	body->is_json = (kinds & BODY_JSON) != 0 &&
			http_media_type_is(type, "application/json", &parameters);
	is_wanted =
		body->is_json ||
		((kinds & BODY_FORM) != 0 &&
			http_media_type_is(type, "application/x-www-form-urlencoded", &parameters));
	if (is_wanted)
		fault = find_fault(parameters, body->is_json);
	if (is_wanted && fault == NULL)
		return true;
	body->field = "Accept";
	body->would_do = name_kinds(kinds);
	return body_refuse(body, 415, fault);
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

/* No route undoes a coding. Clients tell from the header field of the answer what it is about
 * (section 12.5.3). */
static bool check_coding(struct request *request, struct body *body)
{
	const char *codings = request_param(request, "HTTP_CONTENT_ENCODING");

	if (codings == NULL || is_identity(codings))
		return true;
	body->field = "Accept-Encoding";
	body->would_do = "identity";
	return body_refuse(body, 415, "The body must not have a Content-Encoding.");
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

static bool read_bytes(struct request *request, struct body *body)
{
	SCRATCH char chunk[4096];
	size_t length, total = 0;

	while ((length = request_read(request, chunk, sizeof(chunk))) > 0) {
		buffer_append(&body->bytes, chunk, length);
		total += length;
	}
	if (body->bytes.failed)
		return body_refuse(body, 503, NULL);
	const char *reason = check_length(request, total);
	return reason == NULL || body_refuse(body, 400, reason);
}
