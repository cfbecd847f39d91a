/*
 * Whether the sheet takes names, in words. A time is said exactly, in UTC, and how far it is: the
 * reader's zone is not known, and neither is whether its clock is right.
 */
#include "views/sheet_status.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *sheet_state_name(enum sheet_state state)
{
	static const char *const names[] = {[SHEET_OPEN] = "open",
		[SHEET_NOT_YET_OPEN] = "not-yet-open",
		[SHEET_CLOSED] = "closed",
		[SHEET_FULL] = "full"};

	return names[state];
}

const char *sheet_status_title(const struct sheet_status *status)
{
	static const char *const titles[] = {[SHEET_OPEN] = "Sign-up is open",
		[SHEET_NOT_YET_OPEN] = "Sign-up is not open yet",
		[SHEET_CLOSED] = "Sign-up is closed",
		[SHEET_FULL] = "The list is full"};

	return titles[status->state];
}

static void write_full_words(
	const struct sheet_status *status, char words[static SHEET_STATUS_SIZE])
{
	if (status->seats == 0)
		snprintf(words, SHEET_STATUS_SIZE, "There is no room for more names.");
	else if (status->seats == 1)
		snprintf(words, SHEET_STATUS_SIZE, "The one seat is taken.");
	else
		snprintf(words, SHEET_STATUS_SIZE, "All %" PRIu64 " seats are taken.",
			status->seats);
}

static void write_closed_words(
	const struct sheet_status *status, char words[static SHEET_STATUS_SIZE])
{
	char date[RELATIVE_TIME_SIZE];

	if (status->closes == 0) {
		snprintf(words, SHEET_STATUS_SIZE, "The organiser has closed it.");
		return;
	}
	relative_time_date(status->closes, date);
	snprintf(words, SHEET_STATUS_SIZE, "Sign-up closed on %s.", date);
}

void sheet_status_words(const struct sheet_status *status, char words[static SHEET_STATUS_SIZE])
{
	char date[RELATIVE_TIME_SIZE];

	switch (status->state) {
	case SHEET_NOT_YET_OPEN:
		relative_time_date(status->opens, date);
		snprintf(words, SHEET_STATUS_SIZE, "Sign-up opens on %s.", date);
		break;
	case SHEET_CLOSED:
		write_closed_words(status, words);
		break;
	case SHEET_FULL:
		write_full_words(status, words);
		break;
	case SHEET_OPEN:
		*words = '\0';
		break;
	}
}

static void write_moment(struct html *html, int64_t time)
{
	char date[RELATIVE_TIME_SIZE];

	relative_time_date(time, date);
	html_time(html, time, date);
}

static void write_until(struct html *html, int64_t time, int64_t now)
{
	char words[RELATIVE_TIME_SIZE];

	relative_time_until(time, now, words);
	html_markup(html, ", ");
	html_string(html, words);
	html_markup(html, ".");
}

static void write_seats_left(struct html *html, const struct sheet_status *status)
{
	if (status->left == 0 && status->state == SHEET_OPEN) {
		html_markup(html, "<strong>All seats are taken.</strong> New names go on the "
				  "waiting list.");
		return;
	}
	html_markup(html, "<strong>");
	html_count(html, status->left);
	html_markup(html, " of ");
	html_count(html, status->seats);
	if (status->seats == 1)
		html_markup(html, " seat left.</strong>");
	else
		html_markup(html, " seats left.</strong>");
}

void html_sheet_terms(struct html *html, const struct sheet_status *status, int64_t now)
{
	if (status->seats == 0 && status->closes == 0)
		return;
	html_markup(html, "<p class=\"terms\">");
	if (status->seats > 0)
		write_seats_left(html, status);
	if (status->seats > 0 && status->closes > 0)
		html_markup(html, " ");
	if (status->closes > 0) {
		html_markup(html, "Sign-up closes on ");
		write_moment(html, status->closes);
		write_until(html, status->closes, now);
	}
	html_markup(html, "</p>\n");
}

static void write_reason(struct html *html, const struct sheet_status *status, int64_t now)
{
	char words[SHEET_STATUS_SIZE];

	switch (status->state) {
	case SHEET_NOT_YET_OPEN:
		html_markup(html, "It opens on ");
		write_moment(html, status->opens);
		write_until(html, status->opens, now);
		if (status->seats > 0) {
			html_markup(html, " ");
			write_seats_left(html, status);
		}
		break;
	case SHEET_CLOSED:
		if (status->closes == 0) {
			sheet_status_words(status, words);
			html_string(html, words);
			break;
		}
		html_markup(html, "It closed on ");
		write_moment(html, status->closes);
		html_markup(html, ".");
		break;
	case SHEET_FULL:
	case SHEET_OPEN:
		sheet_status_words(status, words);
		html_string(html, words);
		break;
	}
}

void html_sheet_notice(struct html *html, const struct sheet_status *status, int64_t now)
{
	html_markup(html, "<section class=\"shut\" aria-labelledby=\"shut\">\n<h2 id=\"shut\">");
	html_string(html, sheet_status_title(status));
	html_markup(html, "</h2>\n<p>");
	write_reason(html, status, now);
	html_markup(html, "</p>\n</section>\n");
}
