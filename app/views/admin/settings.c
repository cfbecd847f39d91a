/*
 * The form for the sheet: what it says, and when it takes names. Times are text, with their zone:
 * the fields that browsers have for times have none, and the server's zone is no organiser's. Each
 * setting says whether it was set here or is the option's, and can be given back.
 */
#include "views/admin/settings.h"

#include <stddef.h>
#include <string.h>

#include "views/admin/frame.h"
#include "views/layout.h"

/* One field of the form. */
struct entry {
	const char *name;
	const char *label;
	const char *hint;
	const char *rows; /* of a text of several lines; NULL: it has one */
	enum sheet_setting setting;
	bool is_number;
};

static const struct entry texts[] = {
	{.setting = SHEET_SETTING_TITLE,
		.name = "title",
		.label = "Title",
		.hint = "What the sheet is called, on every page."},
	{.setting = SHEET_SETTING_INTRO,
		.name = "intro",
		.label = "Introduction",
		.hint = "What it is for, on the home page. An empty line ends a paragraph.",
		.rows = "6"},
	{.setting = SHEET_SETTING_CONTACT,
		.name = "contact",
		.label = "Contact",
		.hint = "Whom to ask, on every page: words, an e-mail address, or a link that "
			"begins with https."},
	{.setting = SHEET_SETTING_PRIVACY,
		.name = "privacy",
		.label = "Privacy",
		.hint = "What happens to the names: words, or a link that begins with https.",
		.rows = "3"},
};

static const struct entry limits[] = {
	{.setting = SHEET_SETTING_OPENS,
		.name = "opens",
		.label = "Opens",
		.hint = "A time with its zone, such as 2026-12-05T18:00:00+01:00. Empty: it is "
			"open "
			"from the start."},
	{.setting = SHEET_SETTING_CLOSES,
		.name = "closes",
		.label = "Closes",
		.hint = "The same. Empty: it stays open."},
	{.setting = SHEET_SETTING_SEATS,
		.name = "seats",
		.label = "Seats",
		.hint = "Empty: as many as there is room for.",
		.is_number = true},
};

const char *const settings_view_resets[SHEET_SETTING_CLOSED] = {
	[SHEET_SETTING_TITLE] = "title_reset",
	[SHEET_SETTING_INTRO] = "intro_reset",
	[SHEET_SETTING_CONTACT] = "contact_reset",
	[SHEET_SETTING_PRIVACY] = "privacy_reset",
	[SHEET_SETTING_OPENS] = "opens_reset",
	[SHEET_SETTING_CLOSES] = "closes_reset",
	[SHEET_SETTING_SEATS] = "seats_reset",
	[SHEET_SETTING_WAITING_LIST] = "waiting_list_reset",
};

static void write_value_in_words(struct html *html, const char *value)
{
	if (*value == '\0') {
		html_markup(html, "empty");
		return;
	}
	html_markup(html, "“<bdi>");
	html_string(html, value);
	html_markup(html, "</bdi>”");
}

/* Where the value is from; and beside what was typed, what another organiser has set. */
static void write_source(
	struct html *html, const struct settings_view *view, enum sheet_setting setting)
{
	const char *reset = settings_view_resets[setting];

	if (view->now != NULL && strcmp(view->now[setting], view->values[setting]) != 0) {
		html_markup(html, "<p class=\"now\">Set now: ");
		write_value_in_words(html, view->now[setting]);
		html_markup(html, "</p>\n");
	}
	if ((view->set & sheet_setting_bit(setting)) == 0)
		return;
	html_markup(html, "<p class=\"source reset\"><input type=\"checkbox\" value=\"on\" id=\"");
	html_string(html, reset);
	html_markup(html, "\" name=\"");
	html_string(html, reset);
	html_markup(html, "\"> <label for=\"");
	html_string(html, reset);
	html_markup(html, "\">Back to the option of the server: ");
	write_value_in_words(html, view->options[setting]);
	html_markup(html, "</label></p>\n");
}

static void write_attributes(
	struct html *html, const struct settings_view *view, const struct entry *entry)
{
	html_markup(html, " id=\"");
	html_string(html, entry->name);
	html_markup(html, "\" name=\"");
	html_string(html, entry->name);
	html_markup(html, "\" aria-describedby=\"");
	html_string(html, entry->name);
	html_markup(html, "-hint\" dir=\"auto\" autocomplete=\"off\"");
	if (view->fault != NULL && view->faulty == entry->setting)
		html_markup(html, " aria-invalid=\"true\"");
}

static void write_control(
	struct html *html, const struct settings_view *view, const struct entry *entry)
{
	const char *value = view->values[entry->setting];

	if (entry->rows != NULL) {
		html_markup(html, "<textarea rows=\"");
		html_string(html, entry->rows);
		html_markup(html, "\"");
		write_attributes(html, view, entry);
		/* The first line feed behind the tag does not count. */
		html_markup(html, ">\n");
		html_string(html, value);
		html_markup(html, "</textarea>\n");
		return;
	}
	html_markup(html, "<input type=\"text\"");
	write_attributes(html, view, entry);
	if (entry->is_number)
		html_markup(html, " inputmode=\"numeric\"");
	html_markup(html, " value=\"");
	html_string(html, value);
	html_markup(html, "\">\n");
}

static void write_entry(
	struct html *html, const struct settings_view *view, const struct entry *entry)
{
	bool is_faulty = view->fault != NULL && view->faulty == entry->setting;

	if (is_faulty)
		html_markup(html, "<div class=\"entry invalid\">\n<label for=\"");
	else
		html_markup(html, "<div class=\"entry\">\n<label for=\"");
	html_string(html, entry->name);
	html_markup(html, "\">");
	html_string(html, entry->label);
	html_markup(html, "</label>\n<p class=\"hint\" id=\"");
	html_string(html, entry->name);
	html_markup(html, "-hint\">");
	html_string(html, entry->hint);
	html_markup(html, "</p>\n");
	if (is_faulty) {
		html_markup(html, "<p class=\"error\"><span>Error:</span> ");
		html_string(html, view->fault);
		html_markup(html, "</p>\n");
	}
	write_control(html, view, entry);
	write_source(html, view, entry->setting);
	html_markup(html, "</div>\n");
}

/* A box that is not ticked sends nothing: the field before it says so. */
static void write_waiting_list(struct html *html, const struct settings_view *view)
{
	html_markup(html, "<div class=\"entry check\">\n"
			  "<input type=\"hidden\" name=\"waiting_list_shown\" value=\"on\">\n"
			  "<input id=\"waiting_list\" name=\"waiting_list\" type=\"checkbox\" "
			  "value=\"on\" aria-describedby=\"waiting_list-hint\"");
	if (strcmp(view->values[SHEET_SETTING_WAITING_LIST], "on") == 0)
		html_markup(html, " checked");
	html_markup(html, ">\n<label for=\"waiting_list\">Waiting list</label>\n"
			  "<p class=\"hint\" id=\"waiting_list-hint\">When all seats are taken, "
			  "more names are taken, and wait for a seat.</p>\n");
	write_source(html, view, SHEET_SETTING_WAITING_LIST);
	html_markup(html, "</div>\n");
}

static const char *field_of(enum sheet_setting setting)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].setting == setting)
			return texts[i].name;
	}
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (limits[i].setting == setting)
			return limits[i].name;
	}
	return "waiting_list";
}

static void write_settings_form(struct html *html, const struct settings_view *view)
{
	html_markup(html, "<form class=\"settings\" method=\"post\" action=\"");
	html_address(html, "/admin/sheet");
	html_markup(html, "\">\n<input type=\"hidden\" name=\"version\" value=\"");
	html_string(html, view->version);
	html_markup(html, "\">\n<fieldset>\n<legend>What it says</legend>\n");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		write_entry(html, view, &texts[i]);
	html_markup(html, "</fieldset>\n<fieldset>\n<legend>When it takes names</legend>\n");
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		write_entry(html, view, &limits[i]);
	write_waiting_list(html, view);
	html_markup(html, "</fieldset>\n<button type=\"submit\">Save</button>\n</form>\n");
}

void settings_view(struct buffer *out, const struct settings_view *view)
{
	struct html html = {.out = out};

	layout_begin(&html, view->sheet, view->fault != NULL ? "Error: Settings" : "Settings",
		LAYOUT_ORGANISER);
	if (view->fault != NULL)
		html_admin_summary(&html, view->fault, NULL, field_of(view->faulty));
	html_admin_back(&html);
	html_markup(&html, "<h1>Settings</h1>\n"
			   "<p class=\"hint\">What was never set here is as the options of the "
			   "server say.</p>\n");
	write_settings_form(&html, view);
	layout_end(&html, view->sheet);
}
