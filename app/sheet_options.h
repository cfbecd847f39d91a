#ifndef ROLLCALL_SHEET_OPTIONS_H
#define ROLLCALL_SHEET_OPTIONS_H

#include "options/options.h"
#include "routes/site.h"

/* What of the site the options say, which is changed in place. Borrows their texts. */
void site_set_options(struct site *site, const struct options *options);

#endif
