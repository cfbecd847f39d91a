/*
 * From a request to the route that answers it. Routes are few, so their paths are compared one
 * after the other. What no route takes is refused here, with the page of the site for that status.
 */
#include "http/router.h"

#include <string.h>

#include "base/decimal.h"
#include "base/meters/meters.h"

static bool route_has_path(const struct route *route, const char *path, uint64_t *number)
{
	const char *wanted = route->path;

	while (*wanted != '\0' && *wanted != ROUTE_NUMBER[0] && *wanted == *path)
		wanted++, path++;
	if (*wanted != ROUTE_NUMBER[0])
		return *wanted == *path;
	size_t digits = decimal_parse(path, strlen(path), number);
	return digits > 0 && strcmp(wanted + strlen(ROUTE_NUMBER), path + digits) == 0;
}

/* The meters have no room for the places of more routes. */
static void note_place(struct request *request, size_t place)
{
	if (place < METERS_ROUTES)
		request_set_route(request, place);
}

static const struct route *find_route(
	const struct router *router, const char *path, struct request *request)
{
	uint64_t number = 0;

	for (size_t i = 0; router->routes[i] != NULL; i++) {
		if (!route_has_path(router->routes[i], path, &number))
			continue;
		note_place(request, i);
		request_set_number(request, number);
		return router->routes[i];
	}
	return NULL;
}

static route_cb *route_handler_for(const struct route *route, enum method method)
{
	switch (method) {
	case METHOD_GET:
	case METHOD_HEAD:
		return route->get;
	case METHOD_POST:
		return route->post;
	case METHOD_PUT:
		return route->put;
	case METHOD_PATCH:
		return route->patch;
	case METHOD_DELETE:
		return route->delete;
	case METHOD_OTHER:
		break;
	}
	return NULL;
}

#define ALLOW_SIZE 64

/* Allow lists what the path answers (RFC 9110, section 15.5.6). */
static void list_methods(const struct route *route, char list[static ALLOW_SIZE])
{
	const struct {
		route_cb *handler;
		const char *names;
	} rows[] = {{route->get, ", GET, HEAD"}, {route->post, ", POST"}, {route->put, ", PUT"},
		{route->patch, ", PATCH"}, {route->delete, ", DELETE"}};
	char *end = list;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].handler != NULL)
			end = stpcpy(end, rows[i].names + (end == list ? 2 : 0));
	}
}

static bool is_told(const char *setting)
{
	return setting != NULL && *setting != '\0';
}

/* A web server takes the path that the site is under off before it asks, or does not. */
static const char *without_base(const struct router *router, const char *path)
{
	if (!is_told(router->base_path) || path == NULL)
		return path;
	size_t length = strlen(router->base_path);
	if (strncmp(path, router->base_path, length) != 0)
		return path;
	if (path[length] == '\0')
		return "/";
	return path[length] == '/' ? path + length : path;
}

/* Of a request that the gateway has refused, or that has no path. */
static enum refused_cause cause_of(unsigned status)
{
	if (status == 503)
		return REFUSED_MEMORY;
	return status == 400 ? REFUSED_FRAMING : REFUSED_LIMIT;
}

static void run_route(
	const struct router *router, struct request *request, struct response *response)
{
	const char *path = without_base(router, request_path(request));
	unsigned refused = request_refused(request);

	if (refused == 0 && (path == NULL || strcmp(request_method_name(request), "-") == 0))
		refused = 400;
	if (refused != 0) {
		meters_refused(cause_of(refused));
		router->refuse(request, response, refused);
		return;
	}
	const struct route *route = find_route(router, path, request);
	if (route == NULL) {
		meters_refused(REFUSED_PATH);
		router->refuse(request, response, 404);
		return;
	}
	route_cb *handler = route_handler_for(route, request_method(request));
	if (handler == NULL) {
		char allowed[ALLOW_SIZE] = "";
		meters_refused(REFUSED_PATH);
		list_methods(route, allowed);
		response_header(response, "Allow", allowed);
		router->refuse(request, response, 405);
		return;
	}
	handler(router->site, request, response);
}

struct response *router_dispatch(const struct router *router, struct gateway *gateway)
{
	struct request *request = request_open(gateway);
	struct response *response = response_open(gateway, request, router->log);

	response_set_timing(response, router->slow, router->has_timing);
	request_set_site(request, router->site);
	if (is_told(router->origin))
		request_set_origin(request, router->origin);
	run_route(router, request, response);
	if (response_release(response))
		return NULL;
	request_settle(request);
	response_settle(response);
	return response_is_sent(response) ? NULL : response;
}
