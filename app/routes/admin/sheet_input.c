/*
 * From texts to settings. A value that is what it was anyway is left out: so what nobody has
 * changed here goes on following the options, and the log names what was changed.
 */
#include "routes/admin/sheet_input.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/limit.h"
#include "base/text/moment.h"
#include "base/text/plain_text.h"
#include "store/store.h"

/* The settings that are texts come first. */
#define SHEET_TEXTS 4

const char *const sheet_input_names[SHEET_SETTINGS] = {[SHEET_SETTING_TITLE] = "title",
	[SHEET_SETTING_INTRO] = "intro",
	[SHEET_SETTING_CONTACT] = "contact",
	[SHEET_SETTING_PRIVACY] = "privacy",
	[SHEET_SETTING_OPENS] = "opens",
	[SHEET_SETTING_CLOSES] = "closes",
	[SHEET_SETTING_SEATS] = "seats",
	[SHEET_SETTING_WAITING_LIST] = "waiting_list",
	[SHEET_SETTING_CLOSED] = "closed"};

void sheet_input_refuse(struct sheet_input *input, enum sheet_setting setting, const char *fault)
{
	if (input->has_fault)
		return;
	input->has_fault = true;
	input->faulty = setting;
	snprintf(input->fault, sizeof(input->fault), "%s", fault);
}

static void change_setting(struct sheet_input *input, enum sheet_setting setting, bool is_another)
{
	if (is_another)
		input->changes.set |= sheet_setting_bit(setting);
}

/* Browsers send line feeds as CR LF (WHATWG HTML, section 4.10.22.4). */
static char *without_returns(struct request *request, const char *value)
{
	char *copy = request_memory(request, strlen(value) + 1), *end = copy;

	for (; *value != '\0'; value++) {
		if (value[0] != '\r' || value[1] != '\n')
			*end++ = *value;
	}
	*end = '\0';
	return copy;
}

static const struct plain_text_rule text_rules[SHEET_TEXTS] = {
	[SHEET_SETTING_TITLE] = {.most = LIMIT_TITLE, .is_required = true},
	[SHEET_SETTING_INTRO] = {.most = LIMIT_INTRO, .has_lines = true},
	[SHEET_SETTING_CONTACT] = {.most = LIMIT_CONTACT},
	[SHEET_SETTING_PRIVACY] = {.most = LIMIT_PRIVACY, .has_lines = true},
};

static void take_text(struct sheet_input *input, enum sheet_setting setting, const char *value,
	const char *now, const char **text)
{
	const struct plain_text_rule *rule = &text_rules[setting];
	char *read = request_memory(input->request, 4 * rule->most + 1);
	char fault[160];
	struct reason reason;

	if (!plain_text_read(without_returns(input->request, value), rule, read, &reason)) {
		snprintf(fault, sizeof(fault), "The %s is not taken: %.100s.",
			sheet_input_names[setting], reason.text);
		sheet_input_refuse(input, setting, fault);
		return;
	}
	*text = read;
	change_setting(input, setting, strcmp(read, now) != 0);
}

static void take_time(struct sheet_input *input, enum sheet_setting setting, const char *value,
	int64_t now, int64_t *time)
{
	*time = 0;
	if (*value != '\0' && !moment_read(value, time))
		sheet_input_refuse(input, setting,
			"A time has a date and a zone, such as 2026-12-05T18:00:00+01:00.");
	change_setting(input, setting, *time != now);
}

static void take_seats(struct sheet_input *input, const char *value)
{
	uint64_t seats = 0;
	size_t length = strlen(value);

	if (length > 0 && !decimal_is_number(value, length, LIMIT_SEATS, &seats))
		sheet_input_refuse(input, SHEET_SETTING_SEATS,
			"Seats are a whole number up to 4000000000, or none for no limit.");
	input->changes.seats = seats;
	change_setting(input, SHEET_SETTING_SEATS, seats != input->site->sheet.seats);
}

static void take_switch(struct sheet_input *input, enum sheet_setting setting, const char *value,
	bool now, bool *is_on)
{
	*is_on = strcmp(value, "on") == 0;
	if (!*is_on && strcmp(value, "off") != 0)
		sheet_input_refuse(input, setting, "This is either on or off.");
	change_setting(input, setting, *is_on != now);
}

void sheet_input_take(struct sheet_input *input, enum sheet_setting setting, const char *value)
{
	const struct sheet *now = &input->site->sheet;
	struct sheet_settings *changes = &input->changes;

	if (input->has_fault)
		return;
	switch (setting) {
	case SHEET_SETTING_TITLE:
		take_text(input, setting, value, now->text.title, &changes->title);
		break;
	case SHEET_SETTING_INTRO:
		take_text(input, setting, value, now->text.intro, &changes->intro);
		break;
	case SHEET_SETTING_CONTACT:
		take_text(input, setting, value, now->text.contact, &changes->contact);
		break;
	case SHEET_SETTING_PRIVACY:
		take_text(input, setting, value, now->text.privacy, &changes->privacy);
		break;
	case SHEET_SETTING_OPENS:
		take_time(input, setting, value, now->opens, &changes->opens);
		break;
	case SHEET_SETTING_CLOSES:
		take_time(input, setting, value, now->closes, &changes->closes);
		break;
	case SHEET_SETTING_SEATS:
		take_seats(input, value);
		break;
	case SHEET_SETTING_WAITING_LIST:
		take_switch(
			input, setting, value, now->has_waiting_list, &changes->has_waiting_list);
		break;
	case SHEET_SETTING_CLOSED:
		take_switch(input, setting, value, now->is_closed, &changes->is_closed);
		break;
	}
}

void sheet_input_reset(struct sheet_input *input, enum sheet_setting setting)
{
	const struct sheet_settings *kept = store_sheet_settings(input->site->store);

	input->changes.set &= ~sheet_setting_bit(setting);
	input->changes.reset |= kept->set & sheet_setting_bit(setting);
}

/* As it will be. */
static int64_t time_of(
	const struct sheet_input *input, enum sheet_setting setting, int64_t changed, int64_t now)
{
	const struct sheet *options = &input->site->option_sheet;
	int64_t option = setting == SHEET_SETTING_OPENS ? options->opens : options->closes;

	if (sheet_settings_has(&input->changes, setting))
		return changed;
	return (input->changes.reset & sheet_setting_bit(setting)) != 0 ? option : now;
}

/* The two times are looked at together, so that neither may change before they are stored. */
void sheet_input_finish(struct sheet_input *input)
{
	static const uint32_t times =
		(UINT32_C(1) << SHEET_SETTING_OPENS) | (UINT32_C(1) << SHEET_SETTING_CLOSES);
	struct sheet_settings *changes = &input->changes;
	const struct sheet *now = &input->site->sheet;

	changes->revision = store_sheet_settings(input->site->store)->revision;
	if (((changes->set | changes->reset) & times) == 0)
		return;
	changes->unchanged |= times;
	const struct sheet then = {
		.opens = time_of(input, SHEET_SETTING_OPENS, changes->opens, now->opens),
		.closes = time_of(input, SHEET_SETTING_CLOSES, changes->closes, now->closes)};
	if (!sheet_can_open(&then))
		sheet_input_refuse(
			input, SHEET_SETTING_CLOSES, "Sign-up must close later than it opens.");
}
