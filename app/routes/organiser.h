#ifndef ROLLCALL_ROUTES_ORGANISER_H
#define ROLLCALL_ROUTES_ORGANISER_H

#include <stdbool.h>

#include "http/request.h"
#include "http/response.h"

/*
 * Whether a request may change the list, and set what the sheet says: it has to be an organiser's.
 * There are two ways to be one, and Rollcall has no password of its own for either:
 *
 * 1. With --admin on, the web server names somebody: REMOTE_USER is not empty (RFC 3875, section
 *    4.1.11). It sends that for a client whose password it has checked.
 * 2. A command on this machine: the request comes through a unix socket from a process of root's or
 *    of the server's own user (request_is_peer_own()), and has the parameter ORGANISER_OPERATOR. No
 *    web server sends a parameter of that name, and no client can have one sent: what a client
 *    sends becomes HTTP_ parameters, which never count. So a web server that runs as root is not
 *    taken for the organiser.
 */

/* The name of the operating system's user who runs the command. */
#define ORGANISER_OPERATOR "ROLLCALL_OPERATOR"

/* The list that the command is about (site.h): the request is refused if it is another one's. */
#define ORGANISER_LIST "ROLLCALL_LIST"

/* The organiser's name, for the log; NULL: the client is none. It lives as long as the response.
 * Ask before the route returns. */
const char *organiser_name(struct request *request);

/* The same. NULL: a 403 was sent, which says why. */
const char *organiser_admit(struct request *request, struct response *response);

/* The same for one of the organiser's pages, or a form of theirs: where there can be no organiser,
 * there is no such page (404). */
const char *organiser_admit_page(struct request *request, struct response *response);

/* The same for a request that changes something: another site must not have had it sent. */
const char *organiser_admit_change(struct request *request, struct response *response);

#endif
