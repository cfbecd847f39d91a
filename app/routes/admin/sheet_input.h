#ifndef ROLLCALL_ROUTES_ADMIN_SHEET_INPUT_H
#define ROLLCALL_ROUTES_ADMIN_SHEET_INPUT_H

#include <stdbool.h>

#include "http/request.h"
#include "routes/site.h"
#include "store/sheet_settings.h"

/*
 * What an organiser sets of the sheet, as text: a form and JSON are read alike. Values are those of
 * the options of the same name; a switch is `on` or `off`.
 */
struct sheet_input {
	struct request *request;       /* in whose memory the texts are */
	const struct site *site;       /* whose sheet it is, as it is now */
	struct sheet_settings changes; /* only what is another value than now */

	/* The first fault: why, in a sentence, and of which setting. */
	char fault[160];
	enum sheet_setting faulty;
	bool has_fault;
};

/* The name of each in a form and in JSON, in the order of sheet_settings.h. */
extern const char *const sheet_input_names[SHEET_SETTINGS];

/* Takes one value; after a fault nothing more is taken. Line feeds may be of any kind. */
void sheet_input_take(struct sheet_input *input, enum sheet_setting setting, const char *value);

/* Gives a setting back to its option, if it was set; whatever value was taken for it. */
void sheet_input_reset(struct sheet_input *input, enum sheet_setting setting);

/* For a fault that is found elsewhere. */
void sheet_input_refuse(struct sheet_input *input, enum sheet_setting setting, const char *fault);

/* When all values are taken: whether they can be so together. */
void sheet_input_finish(struct sheet_input *input);

/* Whether anything is to be changed. */
static inline bool sheet_input_changes(const struct sheet_input *input)
{
	return (input->changes.set | input->changes.reset) != 0;
}

#endif
