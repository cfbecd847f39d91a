#ifndef ROLLCALL_SHEET_OPTIONS_H
#define ROLLCALL_SHEET_OPTIONS_H

#include "options/options.h"
#include "routes/sheet.h"

/* The sheet as the options have it. Borrows their texts. */
struct sheet sheet_of_options(const struct options *options);

#endif
