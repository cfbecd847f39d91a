/*
 * /admin/sheet: the form of the settings; /admin/close and /admin/reopen: the one that is needed in
 * a hurry. The form says which settings it was made for: if another organiser has changed them
 * meanwhile, the second one is told, and decides.
 */
#include <string.h>

#include "routes/admin/edit.h"
#include "routes/admin/form_body.h"
#include "routes/admin/sheet_input.h"
#include "routes/admin/sheet_values.h"
#include "routes/answer.h"
#include "routes/lookup.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "views/admin/settings.h"

/* The fields of the form beside the settings: of each of its settings a box that gives it back. */
enum { VERSION = SHEET_SETTINGS, WAITING_LIST_SHOWN, RESETS };

#define FORM_SETTINGS SHEET_SETTING_CLOSED
#define FORM_FIELDS   (RESETS + FORM_SETTINGS)

/* Closed is no field of the form. */
#define FORM_BITS (SHEET_SETTINGS_ALL & ~(UINT32_C(1) << SHEET_SETTING_CLOSED))

_Static_assert(FORM_FIELDS <= FORM_BODY_MOST, "a form has so many fields");

struct sheet_change {
	struct edit edit;
	const char *values[FORM_FIELDS]; /* as they were typed */
};

static void get_settings(struct site *site, struct request *request, struct response *response);
static void post_settings(struct site *site, struct request *request, struct response *response);
static void post_close(struct site *site, struct request *request, struct response *response);
static void post_reopen(struct site *site, struct request *request, struct response *response);
static lookup_answered_cb on_settings_known;
static edit_done_cb on_settings_saved;

const struct route admin_sheet_route = {
	.path = "/admin/sheet", .get = get_settings, .post = post_settings};
const struct route admin_close_route = {.path = "/admin/close", .post = post_close};
const struct route admin_reopen_route = {.path = "/admin/reopen", .post = post_reopen};

/* What the form shows; `typed` is what it had when it was refused, or NULL. */
static void show_settings(const struct site *site, struct response *response,
	const char *const *typed, struct settings_view *view)
{
	struct sheet_values now, options;
	const char *values[SHEET_SETTINGS];
	char version[SHEET_VERSION_SIZE];

	sheet_values_list(&site->sheet, &now);
	sheet_values_list(&site->option_sheet, &options);
	sheet_values_version(site, FORM_BITS, version);
	for (size_t i = 0; i < SHEET_SETTINGS; i++)
		values[i] = typed != NULL && typed[i] != NULL ? typed[i] : now.values[i];
	view->sheet = &site->sheet.text;
	view->values = values;
	view->options = options.values;
	view->now = view->is_overtaken ? now.values : NULL;
	view->set = sheet_values_set(site);
	view->version = version;
	settings_view(response_body(response), view);
}

static void get_settings(struct site *site, struct request *request, struct response *response)
{
	if (organiser_admit_page(request, response) == NULL)
		return;
	struct lookup *lookup = request_memory(request, sizeof(*lookup));
	*lookup = (struct lookup){.site = site,
		.response = response,
		.on_answered = on_settings_known,
		.argument = lookup};
	lookup_begin_sheet(lookup);
}

static void on_settings_known(void *argument, const struct store_answer *answer)
{
	const struct lookup *lookup = argument;

	(void)answer;
	show_settings(lookup->site, lookup->response, NULL, &(struct settings_view){.fault = NULL});
	answer_private_page(lookup->response, 200);
}

/* The form again, with what was typed, and for the settings as they are now. */
static void refuse_settings(const struct sheet_change *change, unsigned status, const char *fault,
	enum sheet_setting faulty)
{
	struct response *response = change->edit.response;

	show_settings(change->edit.site, response, change->values,
		&(struct settings_view){
			.fault = fault, .faulty = faulty, .is_overtaken = status == 409});
	if (status == 503)
		answer_later(response);
	answer_private_page(response, status);
}

/* The first that was typed and is another one now. */
static enum sheet_setting find_overtaken(const struct sheet_change *change)
{
	struct sheet_values now;

	sheet_values_list(&change->edit.site->sheet, &now);
	for (unsigned i = 0; i < FORM_SETTINGS; i++) {
		if (change->values[i] != NULL && strcmp(change->values[i], now.values[i]) != 0)
			return (enum sheet_setting)i;
	}
	return SHEET_SETTING_TITLE;
}

static void refuse_overtaken(const struct sheet_change *change)
{
	refuse_settings(change, 409,
		"Another organiser has changed the settings meanwhile. The form has what you "
		"typed, and beside it what is set now. Press Save once more to put yours in its "
		"place.",
		find_overtaken(change));
}

static void send_saved(struct response *response)
{
	answer_location(response, "/admin?saved");
	answer_private_page(response, 303);
}

static void save_changes(struct edit *edit, const struct sheet_input *input)
{
	if (sheet_input_changes(input))
		edit_sheet(edit, &input->changes);
	else
		send_saved(edit->response);
}

static struct sheet_change *open_sheet_change(
	struct site *site, struct request *request, struct response *response)
{
	const char *organiser = organiser_admit_page(request, response);

	if (organiser == NULL)
		return NULL;
	struct sheet_change *change = request_memory(request, sizeof(*change));
	change->edit = (struct edit){.site = site,
		.response = response,
		.organiser = organiser,
		.on_done = on_settings_saved,
		.argument = change};
	return change;
}

static bool is_of_version(const struct sheet_change *change)
{
	const char *typed = change->values[VERSION];
	char version[SHEET_VERSION_SIZE];

	sheet_values_version(change->edit.site, FORM_BITS, version);
	return typed == NULL || strcmp(typed, version) == 0;
}

static void take_values(struct sheet_change *change, struct sheet_input *input)
{
	for (unsigned i = 0; i < SHEET_SETTINGS; i++) {
		if (change->values[i] != NULL)
			sheet_input_take(input, (enum sheet_setting)i, change->values[i]);
	}
	for (unsigned i = 0; i < FORM_SETTINGS; i++) {
		if (change->values[RESETS + i] != NULL)
			sheet_input_reset(input, (enum sheet_setting)i);
	}
}

static void take_settings(struct sheet_change *change, struct request *request)
{
	struct sheet_input input = {.request = request, .site = change->edit.site};

	take_values(change, &input);
	sheet_input_finish(&input);
	if (change->values[VERSION] != NULL)
		input.changes.unchanged = FORM_BITS;
	if ((input.has_fault || sheet_input_changes(&input)) && !is_of_version(change))
		refuse_overtaken(change);
	else if (input.has_fault)
		refuse_settings(change, 422, input.fault, input.faulty);
	else
		save_changes(&change->edit, &input);
}

static void post_settings(struct site *site, struct request *request, struct response *response)
{
	struct sheet_change *change = open_sheet_change(site, request, response);
	const char *names[FORM_FIELDS];

	memcpy(names, sheet_input_names, sizeof(sheet_input_names));
	names[VERSION] = "version";
	names[WAITING_LIST_SHOWN] = "waiting_list_shown";
	memcpy(&names[RESETS], settings_view_resets, sizeof(settings_view_resets));
	if (change == NULL ||
		!form_body_read(request, response, names, change->values, FORM_FIELDS))
		return;
	/* A box that is not ticked is not sent. */
	if (change->values[WAITING_LIST_SHOWN] != NULL &&
		change->values[SHEET_SETTING_WAITING_LIST] == NULL)
		change->values[SHEET_SETTING_WAITING_LIST] = "off";
	take_settings(change, request);
}

/* Closing what is closed is no change. */
static void set_closed(
	struct site *site, struct request *request, struct response *response, const char *value)
{
	struct sheet_change *change = open_sheet_change(site, request, response);
	struct sheet_input input = {.request = request, .site = site};

	if (change == NULL)
		return;
	sheet_input_take(&input, SHEET_SETTING_CLOSED, value);
	save_changes(&change->edit, &input);
}

static void post_close(struct site *site, struct request *request, struct response *response)
{
	set_closed(site, request, response, "on");
}

static void post_reopen(struct site *site, struct request *request, struct response *response)
{
	set_closed(site, request, response, "off");
}

static void on_settings_saved(void *argument, enum result result, const struct user *user)
{
	const struct sheet_change *change = argument;

	if (result == RESULT_OK)
		send_saved(change->edit.response);
	else if (result == RESULT_CHANGED)
		refuse_overtaken(change);
	else
		refuse_settings(
			change, 503, edit_problem(result, user).detail, SHEET_SETTING_TITLE);
}
