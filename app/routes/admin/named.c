/*
 * GET /admin/named?name=: the users whose names count as the same as this one, in JSON, for
 * commands: they take a name, and go on with a number. There is one, or none; under newer Unicode
 * tables than a user signed up with there can be several.
 */
#include <stdbool.h>
#include <string.h>

#include "base/limit.h"
#include "http/form.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "store/names/name_key.h"
#include "store/store.h"
#include "views/user_json.h"

struct named {
	struct lookup lookup;
	struct username name;
};

static void get_named(struct site *site, struct request *request, struct response *response);
static void on_named(void *argument, const struct store_answer *answer);

const struct route admin_named_route = {.path = "/admin/named", .get = get_named};

/* A name that is stored may be none by today's rules: only its key counts. */
static bool read_query_name(const char *query, struct username *name)
{
	struct form_field field = {.name = "name"};
	struct form form;

	form_begin(&form, &field, 1);
	form_feed(&form, query, strlen(query));
	bool is_name = form_finish(&form) == RESULT_OK && field.value.length > 0 &&
		       field.value.length <= LIMIT_NAME &&
		       name_key_fold(field.value.bytes, field.value.length, name->key,
			       &name->key_length) == RESULT_OK;
	if (is_name)
		memcpy(name->text, field.value.bytes, field.value.length);
	name->length = is_name ? field.value.length : 0;
	buffer_free(&field.value);
	return is_name;
}

static void get_named(struct site *site, struct request *request, struct response *response)
{
	if (organiser_admit_page(request, response) == NULL)
		return;
	struct named *named = request_memory(request, sizeof(*named));
	named->lookup = (struct lookup){.site = site,
		.response = response,
		.in_json = true,
		.on_answered = on_named,
		.argument = named};
	if (!read_query_name(request_query(request), &named->name))
		answer_error(response, true, 400, "That is no name that a user can have.");
	else
		lookup_begin(&named->lookup,
			&(struct store_question){.named = &named->name, .most = LIMIT_PAGE_MOST});
}

/* lookup_answered_cb */
static void on_named(void *argument, const struct store_answer *answer)
{
	const struct named *named = argument;
	struct response *response = named->lookup.response;
	struct buffer *body = response_body(response);

	buffer_string(body, "{\"users\":[");
	for (size_t i = 0; i < answer->count; i++) {
		if (i > 0)
			buffer_string(body, ",");
		user_json_view(body, &answer->users[i]);
	}
	buffer_string(body, "]}");
	answer_json(response, 200);
}
