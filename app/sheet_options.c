/*
 * From options to the sheet. A page refers to custom.css only if that file is there: so a site
 * without one has no request more for each page, and none that is a 404.
 */
#include "sheet_options.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

static bool has_custom_style(const char *www)
{
	char *path = memory_printf("%s/custom.css", www);
	bool is_there = access(path, F_OK) == 0;

	free(path);
	return is_there;
}

struct sheet sheet_of_options(const struct options *options)
{
	return (struct sheet){.text = {.title = options->title,
				      .intro = options->intro,
				      .contact = options->contact,
				      .privacy = options->privacy,
				      .style = has_custom_style(options->www) ? "/custom.css" : ""},
		.opens = options->opens,
		.closes = options->closes,
		.seats = (uint64_t)options->seats,
		.most_users = (uint64_t)options->max_users};
}
