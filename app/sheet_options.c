/*
 * Routes and views know the sheet and not the options, so that tests have one without a
 * command line. It borrows its texts, so it is made anew whenever the options are replaced.
 */
#include "sheet_options.h"

struct sheet sheet_of_options(const struct options *options)
{
	return (struct sheet){.text = {.title = options->title,
				      .intro = options->intro,
				      .contact = options->contact,
				      .privacy = options->privacy,
				      .style = options->has_custom_style ? "/custom.css" : ""},
		.opens = options->opens,
		.closes = options->closes,
		.seats = (uint64_t)options->seats,
		.most_users = (uint64_t)options->max_users};
}
