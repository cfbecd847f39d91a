#include "user_parts.h"

#include <time.h>

#include "../timestamp.h"

void html_user_name(struct html *html, const struct user *user)
{
	html_markup(html, "<bdi>");
	html_text(html, user->name, user->name_length);
	html_markup(html, "</bdi>");
}

void html_user_time(struct html *html, const struct user *user)
{
	time_t seconds = (time_t)(user->created / 1000);
	char exact[TIMESTAMP_SIZE], shown[64];
	struct tm utc;

	timestamp_format(user->created, exact);
	gmtime_r(&seconds, &utc);
	strftime(shown, sizeof(shown), "%e %b %Y, %H:%M UTC", &utc);
	html_markup(html, "<time datetime=\"");
	html_string(html, exact);
	html_markup(html, "\">");
	html_string(html, shown[0] == ' ' ? shown + 1 : shown);
	html_markup(html, "</time>");
}
