#ifndef ROLLCALL_ROUTES_ADMIN_FORM_BODY_H
#define ROLLCALL_ROUTES_ADMIN_FORM_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "http/response.h"

/* The most fields of a form. */
#define FORM_BODY_MOST 20

/*
 * Reads the form that a page of the organiser's has sent: for each of these names its value,
 * terminated, or NULL if the field is not there. Values live as long as the response. False: it was
 * no form that could be read, and the response is sent.
 */
bool form_body_read(struct request *request, struct response *response, const char *const *names,
	const char **values, size_t count);

#endif
