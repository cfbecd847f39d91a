#ifndef ROLLCALL_ROUTES_SHEET_H
#define ROLLCALL_ROUTES_SHEET_H

#include "views/sheet_text.h"

/* What the organiser has set: a value, to be replaced as a whole while the site is served. The kept
 * pages have to be renewed then, since they show it. */
struct sheet {
	struct sheet_text text;
};

#endif
