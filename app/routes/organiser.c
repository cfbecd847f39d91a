/*
 * Whether a request is an organiser's. Nothing here can be chosen by a client: the kernel names the
 * peer of a socket, and the web server sends REMOTE_USER only where it has checked a password. All
 * that is for organisers goes through this file.
 */
#include "routes/organiser.h"

#include <string.h>

#include "http/origin.h"
#include "routes/answer.h"
#include "routes/site.h"

/* Longer names are cut: the log is no place for a text of any length. */
#define NAME_MOST 200 /* bytes */

static const char *keep_name(struct request *request, const char *name)
{
	size_t length = strnlen(name, NAME_MOST);
	char *kept = request_memory(request, length + 1);

	memcpy(kept, name, length);
	return kept;
}

const char *organiser_name(struct request *request)
{
	const char *name = request_param(request, ORGANISER_OPERATOR);

	if (name != NULL && *name != '\0' && request_is_peer_own(request))
		return keep_name(request, name);
	if (!request_site(request)->has_admin)
		return NULL;
	name = request_param(request, "REMOTE_USER");
	return name != NULL && *name != '\0' ? keep_name(request, name) : NULL;
}

const char *organiser_admit(struct request *request, struct response *response)
{
	const char *name = organiser_name(request);

	if (name != NULL)
		return name;
	if (request_site(request)->has_admin)
		answer_problem_because(request, response, 403,
			"Only the organiser may do this. The web server has named nobody "
			"(REMOTE_USER): it has to ask for a password here.");
	else
		answer_problem_because(request, response, 403,
			"Only the organiser may do this, and this site has no organiser "
			"(--admin is off).");
	return NULL;
}

const char *organiser_admit_change(struct request *request, struct response *response)
{
	if (origin_is_elsewhere(request)) {
		answer_problem(request, response, 403);
		return NULL;
	}
	return organiser_admit(request, response);
}
