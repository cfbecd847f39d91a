/*
 * /admin/sheet: the form of the settings; /admin/close and /admin/reopen: the one that is needed in
 * a hurry. The form says which settings it was made for: if another organiser has changed them
 * meanwhile, the second one is told, and decides.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "base/timestamp.h"
#include "routes/admin/edit.h"
#include "routes/admin/form_body.h"
#include "routes/admin/sheet_input.h"
#include "routes/answer.h"
#include "routes/organiser.h"
#include "routes/routes.h"
#include "views/admin/settings.h"

#define VERSION_SIZE 17
#define NUMBER_SIZE  32

/* The fields of the form beside the settings. */
enum { VERSION = SHEET_SETTINGS, WAITING_LIST_SHOWN, FORM_FIELDS };

/* The settings as text, and which they are. */
struct sheet_values {
	const char *values[SHEET_SETTINGS];
	char opens[TIMESTAMP_SIZE];
	char closes[TIMESTAMP_SIZE];
	char seats[NUMBER_SIZE];
	char version[VERSION_SIZE];
};

struct sheet_change {
	struct edit edit;
	const char *values[FORM_FIELDS]; /* as they were typed */
};

static void get_settings(struct site *site, struct request *request, struct response *response);
static void post_settings(struct site *site, struct request *request, struct response *response);
static void post_close(struct site *site, struct request *request, struct response *response);
static void post_reopen(struct site *site, struct request *request, struct response *response);
static edit_done_cb on_settings_saved;

const struct route admin_sheet_route = {
	.path = "/admin/sheet", .get = get_settings, .post = post_settings};
const struct route admin_close_route = {.path = "/admin/close", .post = post_close};
const struct route admin_reopen_route = {.path = "/admin/reopen", .post = post_reopen};

static void write_moment_value(int64_t time, char text[static TIMESTAMP_SIZE])
{
	*text = '\0';
	if (time != 0)
		timestamp_format(time, text);
}

static void list_values(const struct sheet *sheet, struct sheet_values *list)
{
	const struct sheet_text *text = &sheet->text;
	XXH64_hash_t version = 0;

	write_moment_value(sheet->opens, list->opens);
	write_moment_value(sheet->closes, list->closes);
	*list->seats = '\0';
	if (sheet->seats != 0)
		snprintf(list->seats, sizeof(list->seats), "%" PRIu64, sheet->seats);
	memcpy(list->values,
		(const char *[]){[SHEET_SETTING_TITLE] = text->title,
			[SHEET_SETTING_INTRO] = text->intro,
			[SHEET_SETTING_CONTACT] = text->contact,
			[SHEET_SETTING_PRIVACY] = text->privacy,
			[SHEET_SETTING_OPENS] = list->opens,
			[SHEET_SETTING_CLOSES] = list->closes,
			[SHEET_SETTING_SEATS] = list->seats,
			[SHEET_SETTING_WAITING_LIST] = sheet->has_waiting_list ? "on" : "off",
			[SHEET_SETTING_CLOSED] = sheet->is_closed ? "on" : "off"},
		sizeof(list->values));
	/* But for the last, which is no field of the form. */
	for (size_t i = 0; i < SHEET_SETTING_CLOSED; i++)
		version = XXH64(list->values[i], strlen(list->values[i]) + 1, version);
	snprintf(list->version, sizeof(list->version), "%016" PRIx64, (uint64_t)version);
}

static void get_settings(struct site *site, struct request *request, struct response *response)
{
	struct sheet_values list;

	if (organiser_admit_page(request, response) == NULL)
		return;
	list_values(&site->sheet, &list);
	settings_view(response_body(response), &(struct settings_view){.sheet = &site->sheet.text,
						       .values = list.values,
						       .version = list.version});
	answer_private_page(response, 200);
}

/* The form again, with what was typed, and for the settings as they are now. */
static void refuse_settings(const struct sheet_change *change, unsigned status, const char *fault,
	enum sheet_setting faulty)
{
	const struct site *site = change->edit.site;
	struct response *response = change->edit.response;
	struct sheet_values list;

	list_values(&site->sheet, &list);
	for (size_t i = 0; i < SHEET_SETTINGS; i++)
		list.values[i] = change->values[i] != NULL ? change->values[i] : list.values[i];
	settings_view(response_body(response), &(struct settings_view){.sheet = &site->sheet.text,
						       .values = list.values,
						       .version = list.version,
						       .fault = fault,
						       .faulty = faulty});
	if (status == 503)
		answer_later(response);
	answer_private_page(response, status);
}

static void send_saved(struct response *response)
{
	answer_location(response, "/admin?saved");
	answer_private_page(response, 303);
}

static void save_changes(struct edit *edit, const struct sheet_settings *changes)
{
	if (changes->set == 0)
		send_saved(edit->response);
	else
		edit_sheet(edit, changes);
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

static bool is_of_version(const struct sheet *sheet, const char *version)
{
	struct sheet_values list;

	list_values(sheet, &list);
	return version == NULL || strcmp(version, list.version) == 0;
}

static void take_settings(struct sheet_change *change, struct request *request)
{
	struct sheet_input input = {.request = request, .sheet = &change->edit.site->sheet};

	for (unsigned i = 0; i < SHEET_SETTINGS; i++) {
		if (change->values[i] != NULL)
			sheet_input_take(&input, (enum sheet_setting)i, change->values[i]);
	}
	sheet_input_finish(&input);
	if (!is_of_version(&change->edit.site->sheet, change->values[VERSION]))
		refuse_settings(change, 409,
			"Another organiser has changed the settings meanwhile. Press Save once "
			"more "
			"to put these in their place.",
			SHEET_SETTING_TITLE);
	else if (input.has_fault)
		refuse_settings(change, 422, input.fault, input.faulty);
	else
		save_changes(&change->edit, &input.changes);
}

static void post_settings(struct site *site, struct request *request, struct response *response)
{
	struct sheet_change *change = open_sheet_change(site, request, response);
	const char *names[FORM_FIELDS];

	memcpy(names, sheet_input_names, sizeof(sheet_input_names));
	names[VERSION] = "version";
	names[WAITING_LIST_SHOWN] = "waiting_list_shown";
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
	struct sheet_input input = {.request = request, .sheet = &site->sheet};

	if (change == NULL)
		return;
	sheet_input_take(&input, SHEET_SETTING_CLOSED, value);
	save_changes(&change->edit, &input.changes);
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
	else
		refuse_settings(
			change, 503, edit_problem(result, user).detail, SHEET_SETTING_TITLE);
}
