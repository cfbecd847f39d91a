/*
 * GET and PUT /sheet, for programs: what organisers set of the sheet, in JSON. A member that is not
 * there stays as it is, so that a program that knows some settings leaves the others alone; null
 * gives a setting back to its option. With If-Match, nothing that was changed meanwhile is
 * overwritten.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "http/body.h"
#include "http/http.h"
#include "routes/admin/edit.h"
#include "routes/admin/sheet_input.h"
#include "routes/admin/sheet_values.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "views/admin/settings_json.h"

static void get_sheet(struct site *site, struct request *request, struct response *response);
static void put_sheet(struct site *site, struct request *request, struct response *response);
static lookup_answered_cb on_sheet_known;
static edit_done_cb on_sheet_put;

const struct route sheet_route = {.path = "/sheet", .get = get_sheet, .put = put_sheet};

#define ETAG_SIZE (SHEET_VERSION_SIZE + 2)

struct sheet_get {
	struct lookup lookup;
	const char *known; /* If-None-Match, or NULL */
};

/* A change that waits for the store. */
struct sheet_put {
	struct edit edit;
	bool has_condition; /* If-Match */
};

static void write_sheet_etag(const struct site *site, char etag[static ETAG_SIZE])
{
	char version[SHEET_VERSION_SIZE];

	sheet_values_version(site, SHEET_SETTINGS_ALL, version);
	snprintf(etag, ETAG_SIZE, "\"%s\"", version);
}

static void send_sheet(const struct site *site, struct response *response)
{
	const struct sheet *sheet = &site->sheet;

	settings_json_view(
		response_body(response), &(struct settings_json){.text = &sheet->text,
						 .opens = sheet->opens,
						 .closes = sheet->closes,
						 .seats = sheet->seats,
						 .has_waiting_list = sheet->has_waiting_list,
						 .is_closed = sheet->is_closed,
						 .names = sheet_input_names,
						 .set = sheet_values_set(site)});
	answer_json(response, 200);
}

static const char *copy_field(struct request *request, const char *field)
{
	size_t size = strlen(field) + 1;

	return memcpy(request_memory(request, size), field, size);
}

/* The tag goes with what was asked for, not with what was sent (RFC 9110, section 9.3.4): a program
 * that is about to set something asks first. So what was set at another node counts here. */
static void get_sheet(struct site *site, struct request *request, struct response *response)
{
	if (organiser_admit(request, response) == NULL)
		return;
	struct sheet_get *get = request_memory(request, sizeof(*get));
	const char *known = request_param(request, "HTTP_IF_NONE_MATCH");
	get->lookup = (struct lookup){.site = site,
		.response = response,
		.in_json = true,
		.on_answered = on_sheet_known,
		.argument = get};
	get->known = known != NULL ? copy_field(request, known) : NULL;
	lookup_begin_sheet(&get->lookup);
}

static void on_sheet_known(void *argument, const struct store_answer *answer)
{
	const struct sheet_get *get = argument;
	struct response *response = get->lookup.response;
	char etag[ETAG_SIZE];

	(void)answer;
	write_sheet_etag(get->lookup.site, etag);
	response_header(response, "ETag", etag);
	if (http_etag_matches(get->known, etag))
		answer_json(response, 304);
	else
		send_sheet(get->lookup.site, response);
}

static void refuse_sheet(
	struct response *response, unsigned status, const char *detail, const char *pointer)
{
	answer_problem_json(response,
		(struct problem_json){.status = status, .detail = detail, .pointer = pointer});
}

/* NULL, if the value is of a kind that no setting has. */
static const char *text_of_value(const json_t *value, char room[static 32])
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return json_is_true(value) ? "on" : "off";
	if (!json_is_integer(value))
		return NULL;
	snprintf(room, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return room;
}

/* Each kind of value for the settings that have it: a switch is no text, nor are seats. */
static bool is_of_kind(enum sheet_setting setting, const json_t *value)
{
	switch (setting) {
	case SHEET_SETTING_SEATS:
		return json_is_integer(value);
	case SHEET_SETTING_WAITING_LIST:
	case SHEET_SETTING_CLOSED:
		return json_is_boolean(value);
	default:
		return json_is_string(value);
	}
}

static void take_member(struct sheet_input *input, enum sheet_setting setting, const json_t *value)
{
	char room[32];
	const char *text = text_of_value(value, room);

	if (json_is_null(value))
		sheet_input_reset(input, setting);
	else if (text != NULL && is_of_kind(setting, value))
		sheet_input_take(input, setting, text);
	else
		sheet_input_refuse(
			input, setting, "The value is of another kind than this setting.");
}

/* False: there is a member that is no setting; the response is sent. */
static bool take_settings_of(struct sheet_input *input, struct response *response, json_t *object)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		unsigned setting = 0;
		if (strcmp(name, SETTINGS_JSON_SET) == 0)
			continue; /* as GET sends it */
		while (setting < SHEET_SETTINGS && strcmp(name, sheet_input_names[setting]) != 0)
			setting++;
		if (setting == SHEET_SETTINGS) {
			refuse_sheet(response, 422, "A member is no setting of the sheet.", "#");
			return false;
		}
		take_member(input, (enum sheet_setting)setting, value);
	}
	return true;
}

static void refuse_json_body(struct response *response, const struct body *body)
{
	char words[128];
	const char *detail = body->reason;

	if (body->status == 400) {
		snprintf(words, sizeof(words), "The body could not be read: %s.", body->reason);
		detail = words;
	} else if (detail == NULL) {
		detail = body->status == 503 ? "There is no room for the body."
					     : "The body must be JSON.";
	}
	if (body->field != NULL)
		response_header(response, body->field, body->would_do);
	refuse_sheet(response, body->status, detail, NULL);
}

/* A number beyond 64 bits is JSON all the same. */
static void refuse_json(struct response *response, const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_duplicate_key:
		refuse_sheet(response, 400, "A member of the body is there twice.", NULL);
		break;
	case json_error_numeric_overflow:
		refuse_sheet(response, 422, "A number is beyond what settings take.", "#");
		break;
	default:
		refuse_sheet(response, 400, "The body is no JSON.", NULL);
		break;
	}
}

/* All of the body; NULL if it is no JSON, and the response is sent. */
static json_t *read_json(struct request *request, struct response *response)
{
	struct body body;
	json_error_t error;
	json_t *value = NULL;

	if (!body_read(request, BODY_JSON, &body)) {
		refuse_json_body(response, &body);
		buffer_free(&body.bytes);
		return NULL;
	}
	value = json_loadb(body.bytes.length > 0 ? body.bytes.bytes : "", body.bytes.length,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (value == NULL)
		refuse_json(response, &error);
	buffer_free(&body.bytes);
	return value;
}

static void refuse_setting(struct response *response, const struct sheet_input *input)
{
	char pointer[32];

	snprintf(pointer, sizeof(pointer), "#/%s", sheet_input_names[input->faulty]);
	refuse_sheet(response, 422, input->fault, pointer);
}

static void apply_members(struct sheet_put *put, struct request *request, json_t *object)
{
	struct edit *edit = &put->edit;
	struct sheet_input input = {.request = request, .site = edit->site};

	if (!json_is_object(object)) {
		refuse_sheet(edit->response, 422, "The body is not an object.", "#");
		return;
	}
	if (!take_settings_of(&input, edit->response, object))
		return;
	sheet_input_finish(&input);
	if (put->has_condition)
		input.changes.unchanged = SHEET_SETTINGS_ALL;
	if (input.has_fault)
		refuse_setting(edit->response, &input);
	else if (!sheet_input_changes(&input))
		send_sheet(edit->site, edit->response);
	else
		edit_sheet(edit, &input.changes);
}

static void refuse_condition(struct response *response)
{
	refuse_sheet(response, 412,
		"The settings are not any more those that If-Match names. Get them again, then "
		"decide.",
		NULL);
}

/* Compared weakly, like all tags here: a web server that compresses makes a tag weak on its way. */
static bool is_met(const struct site *site, const char *if_match)
{
	char etag[ETAG_SIZE];

	write_sheet_etag(site, etag);
	return if_match == NULL || http_etag_matches(if_match, etag);
}

static void put_sheet(struct site *site, struct request *request, struct response *response)
{
	const char *organiser = organiser_admit_change(request, response);
	const char *if_match = request_param(request, "HTTP_IF_MATCH");

	if (organiser == NULL)
		return;
	if (!is_met(site, if_match)) {
		refuse_condition(response);
		return;
	}
	json_t *object = read_json(request, response);
	if (object == NULL)
		return;
	struct sheet_put *put = request_memory(request, sizeof(*put));
	*put = (struct sheet_put){.edit = {.site = site,
					  .response = response,
					  .organiser = organiser,
					  .on_done = on_sheet_put,
					  .argument = put},
		.has_condition = if_match != NULL};
	apply_members(put, request, object);
	json_decref(object);
}

static void on_sheet_put(void *argument, enum result result, const struct user *user)
{
	const struct sheet_put *put = argument;
	const struct edit *edit = &put->edit;

	if (result == RESULT_OK)
		send_sheet(edit->site, edit->response);
	else if (result == RESULT_CHANGED && put->has_condition)
		refuse_condition(edit->response);
	else if (result == RESULT_CHANGED) /* the other time has changed */
		refuse_sheet(edit->response, 422, edit_problem(result, user).detail, "#/closes");
	else
		answer_problem_json(edit->response, edit_problem(result, user));
}
