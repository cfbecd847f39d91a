#ifndef ROLLCALL_VIEWS_SHEET_STATUS_H
#define ROLLCALL_VIEWS_SHEET_STATUS_H

#include <stdint.h>

#include "views/html.h"
#include "views/relative_time.h"

/* Whether names are taken, and if not, why. */
enum sheet_state { SHEET_OPEN, SHEET_NOT_YET_OPEN, SHEET_CLOSED, SHEET_FULL };

/* The sheet at one moment. Times as in timestamp.h. */
struct sheet_status {
	enum sheet_state state;
	int64_t opens;  /* 0: it always was open */
	int64_t closes; /* 0: it stays open, or was closed by hand */
	uint64_t seats; /* 0: no limit */
	uint64_t left;  /* of them */
};

/* For programs: "open", "not-yet-open", "closed", "full". */
const char *sheet_state_name(enum sheet_state state);

/* Why no name is taken, as a title and as a sentence or two in plain text. */
#define SHEET_STATUS_SIZE 128
const char *sheet_status_title(const struct sheet_status *status);
void sheet_status_words(const struct sheet_status *status, char words[static SHEET_STATUS_SIZE]);

/* While it is open: how many seats are left, when it closes. */
void html_sheet_terms(struct html *html, const struct sheet_status *status, int64_t now);

/* In the place of the form: why there is none. */
void html_sheet_notice(struct html *html, const struct sheet_status *status, int64_t now);

#endif
