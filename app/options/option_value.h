#ifndef ROLLCALL_OPTIONS_OPTION_VALUE_H
#define ROLLCALL_OPTIONS_OPTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reason.h"
#include "options/option_rows.h"
#include "options/options.h"

/* Sets the option of a row to what the operator wrote. False: nothing was set, `reason` says why.
 */
bool option_value_read(struct options *options, const struct option_row *row, const char *value,
	struct reason *reason);

/* The value of an option of a kind that is kept as text, or as a number. */
bool option_is_text(const struct option_row *row);
char *option_text(struct options *options, const struct option_row *row);
int64_t option_number(const struct options *options, const struct option_row *row);

/* Returns true. */
bool option_set_number(struct options *options, const struct option_row *row, int64_t value);

#endif
