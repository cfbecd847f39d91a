/*
 * RFC 9457: the members of a problem, each left out where there is nothing to say.
 */
#include "views/problem_json.h"

#include <inttypes.h>
#include <string.h>

#include "base/json_text.h"
#include "http/http.h"

static json_t *detail_of(const struct problem_json *problem)
{
	const struct user *holder = problem->holder;

	if (holder == NULL)
		return json_string(problem->detail);
	return json_sprintf("%s %.*s%s", problem->detail, (int)holder->name_length, holder->name,
		user_full_stop(holder));
}

/* A reference to this very answer. An identifier that could not stand in one is left out. */
static json_t *instance_of(const char *request)
{
	static const char plain[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (request[0] == '\0' || request[strspn(request, plain)] != '\0')
		return NULL;
	return json_sprintf("#%s", request);
}

static json_t *holder_of(const struct problem_json *problem)
{
	if (problem->holder == NULL)
		return NULL;
	return json_sprintf("%s/users/%" PRIu64, problem->base_path, problem->holder->number);
}

static json_t *suggestion_of(const struct username *suggestion)
{
	return suggestion != NULL ? json_stringn(suggestion->text, suggestion->length) : NULL;
}

static json_t *errors_of(const struct problem_json *problem)
{
	if (problem->pointer == NULL)
		return NULL;
	return json_pack("[{s:s,s:s}]", "detail", problem->detail, "pointer", problem->pointer);
}

void problem_json_view(struct buffer *out, const struct problem_json *problem)
{
	/* What is NULL is left out. */
	json_text_write(out,
		json_pack("{s:s,s:s,s:i,s:o,s:o*,s:o*,s:o*,s:o*}", "type",
			problem->type != NULL ? problem->type : "about:blank", "title",
			problem->type != NULL ? problem->title : http_reason(problem->status),
			"status", (int)problem->status, "detail", detail_of(problem), "instance",
			instance_of(problem->request), "holder", holder_of(problem), "suggestion",
			suggestion_of(problem->suggestion), "errors", errors_of(problem)));
}
