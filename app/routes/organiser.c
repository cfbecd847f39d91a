/*
 * Whether a request is an organiser's. Nothing here can be chosen by a client: the kernel names the
 * peer of a socket, and the web server sends REMOTE_USER only where it has checked a password. All
 * that is for organisers goes through this file.
 */
#include "routes/organiser.h"

#include <string.h>

#include "base/meters/meters.h"
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

/* What a request says of the command that it may come from. */
enum operator{
	OPERATOR_NONE,    /* it comes from no command */
	OPERATOR_STRANGE, /* from one of another user, or over TCP */
	OPERATOR_LOST,    /* from one that means another server's list */
	OPERATOR_KNOWN,
};

static enum operator find_operator(struct request *request)
{
	const char *name = request_param(request, ORGANISER_OPERATOR);
	const char *list = request_param(request, ORGANISER_LIST);

	if (name == NULL || *name == '\0')
		return OPERATOR_NONE;
	if (!request_is_peer_own(request))
		return OPERATOR_STRANGE;
	if (list != NULL && strcmp(list, request_site(request)->list) != 0)
		return OPERATOR_LOST;
	return OPERATOR_KNOWN;
}

const char *organiser_name(struct request *request)
{
	enum operator operator= find_operator(request);

	if (operator== OPERATOR_KNOWN)
		return keep_name(request, request_param(request, ORGANISER_OPERATOR));
	if (operator== OPERATOR_LOST || !request_site(request)->has_admin)
		return NULL;
	const char *name = request_param(request, "REMOTE_USER");
	return name != NULL && *name != '\0' ? keep_name(request, name) : NULL;
}

/* Why the request is no organiser's. */
static const char *refusal_words(struct request *request)
{
	switch (find_operator(request)) {
	case OPERATOR_LOST:
		return "The server that listens there has another list.";
	case OPERATOR_STRANGE:
		return "A command has to run as root, or as the server's own user, and reach the "
		       "server over a unix socket.";
	case OPERATOR_NONE:
	case OPERATOR_KNOWN:
		break;
	}
	if (!request_site(request)->has_admin)
		return "Only the organiser may do this, and this site has no organiser (--admin "
		       "is off).";
	return "Only the organiser may do this. The web server has named nobody (REMOTE_USER): it "
	       "has to ask for a password here.";
}

const char *organiser_admit(struct request *request, struct response *response)
{
	const char *name = organiser_name(request);

	if (name == NULL)
		answer_problem_because(request, response, 403, refusal_words(request));
	return name;
}

const char *organiser_admit_change(struct request *request, struct response *response)
{
	if (origin_is_elsewhere(request)) {
		meters_refused(REFUSED_CROSS_SITE);
		answer_problem(request, response, 403);
		return NULL;
	}
	return organiser_admit(request, response);
}

const char *organiser_admit_page(struct request *request, struct response *response)
{
	enum method method = request_method(request);
	bool is_change = method != METHOD_GET && method != METHOD_HEAD;

	if (!request_site(request)->has_admin && find_operator(request) == OPERATOR_NONE) {
		answer_problem(request, response, 404);
		return NULL;
	}
	return is_change ? organiser_admit_change(request, response)
			 : organiser_admit(request, response);
}
