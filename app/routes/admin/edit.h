#ifndef ROLLCALL_ROUTES_ADMIN_EDIT_H
#define ROLLCALL_ROUTES_ADMIN_EDIT_H

#include <stdint.h>

#include "base/result.h"
#include "http/response.h"
#include "routes/site.h"
#include "store/store.h"
#include "views/problem_json.h"

/*
 * What an organiser changes. The change is made whether or not the client waits for the response,
 * and each that was made is in the log, with the organiser's name and the user's number. Names of
 * users are not: one that is removed is not to stay there.
 */

/* The outcome, as store_outcome_cb has it, for the route to send a response. `user` is valid until
 * this returns. */
typedef void edit_done_cb(void *argument, enum result result, const struct user *user);

/* In memory that lives as long as the response (request_memory()). */
struct edit {
	struct site *site;
	struct response *response;
	const char *organiser; /* organiser_admit_change() */
	edit_done_cb *on_done;
	void *argument;

	/* For edit.c. */
	const char *event; /* of the log */
	uint32_t changed;  /* a bit for each setting of the sheet (sheet_settings.h) */
};

/* Each calls `on_done` once, before it returns or later. */
void edit_remove(struct edit *edit, uint64_t number);
void edit_rename(struct edit *edit, uint64_t number, const struct username *username);
void edit_add(struct edit *edit, const struct username *username);

/* The site shows it when `on_done` is called. */
void edit_sheet(struct edit *edit, const struct sheet_settings *changes);

/* Why a change was not made; `user` is that of the outcome. */
struct problem_json edit_problem(enum result result, const struct user *user);

#endif
