/*
 * A request is read once from the meta-variables of its gateway, which are borrowed. One whose
 * route has returned without a response is settled: the little that is still needed of it, mostly
 * for the log, is copied into its arena.
 */
#include "http/request.h"

#include <string.h>

#include "base/buffer.h"
#include "base/meters/meters.h"
#include "http/meta_variable.h"

struct request {
	struct gateway *gateway;
	struct site *site;
	const char *origin;
	const char *id;
	const char *method_name;
	const char *path;
	enum method method;
	size_t route;
	uint64_t number;
	struct buffer joined; /* where path is, if it was put together */
};

static const char *const method_names[METERS_METHODS] = {[METHOD_GET] = "GET",
	[METHOD_HEAD] = "HEAD",
	[METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",
	[METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE",
	[METHOD_OTHER] = "other"};

const char *method_name(enum method method)
{
	return method_names[method];
}

static enum method method_named(const char *name)
{
	unsigned method = METHOD_GET;

	while (method < METHOD_OTHER && strcmp(name, method_names[method]) != 0)
		method++;
	return (enum method)method;
}

static const char *param_or(struct gateway *gateway, const char *name, const char *otherwise)
{
	const char *value = meta_variable(gateway->params, name, &gateway->arena);

	return value != NULL && *value != '\0' ? value : otherwise;
}

/*
 * nginx and Caddy say in DOCUMENT_URI what they route on. From others there is what RFC 3875
 * (sections 3.3, 4.1.5 and 4.1.13) makes the path of: SCRIPT_NAME, then PATH_INFO. For a site that
 * is not made of files, servers differ in which of the two they put it into, or where they cut it;
 * joined, they agree.
 */
static const char *find_path(struct request *request)
{
	const char *whole = param_or(request->gateway, "DOCUMENT_URI", NULL);

	if (whole != NULL)
		return whole;
	const char *script = param_or(request->gateway, "SCRIPT_NAME", NULL);
	const char *below = param_or(request->gateway, "PATH_INFO", NULL);
	if (script == NULL || below == NULL)
		return script != NULL ? script : below;
	buffer_string(&request->joined, script);
	buffer_string(&request->joined, below);
	buffer_append(&request->joined, "", 1);
	return request->joined.failed ? NULL : request->joined.bytes;
}

struct request *request_open(struct gateway *gateway)
{
	struct request *request = arena_zeroed(&gateway->arena, sizeof(*request));

	request->gateway = gateway;
	request->id = param_or(gateway, "REQUEST_ID", "-");
	request->method_name = param_or(gateway, "REQUEST_METHOD", "-");
	request->method = method_named(request->method_name);
	request->route = METERS_ROUTES;
	request->path = find_path(request);
	return request;
}

void request_close(struct request *request)
{
	buffer_free(&request->joined);
}

size_t request_route(const struct request *request)
{
	return request->route;
}

void request_set_route(struct request *request, size_t place)
{
	request->route = place;
}

/* Returns the string in the copy at `*end`, and sets that to where the next one is to go. */
static const char *keep_string(char **end, const char *string)
{
	const char *kept = *end;

	*end = stpcpy(*end, string) + 1;
	return kept;
}

void request_settle(struct request *request)
{
	static const struct meta_variable nothing[1];
	const char *path = request->path != NULL ? request->path : "";
	size_t length = strlen(request->id) + strlen(request->method_name) + strlen(path) + 3;
	char *end = arena_try(&request->gateway->arena, length);

	request->id = end != NULL ? keep_string(&end, request->id) : "-";
	request->method_name = end != NULL ? keep_string(&end, request->method_name) : "-";
	if (request->path != NULL)
		request->path = end != NULL ? keep_string(&end, path) : "-";
	request->gateway->params = nothing;
	buffer_free(&request->joined);
}

struct site *request_site(const struct request *request)
{
	return request->site;
}

void request_set_site(struct request *request, struct site *site)
{
	request->site = site;
}

const char *request_origin(const struct request *request)
{
	return request->origin;
}

void request_set_origin(struct request *request, const char *origin)
{
	request->origin = origin;
}

const char *request_id(const struct request *request)
{
	return request->id;
}

enum method request_method(const struct request *request)
{
	return request->method;
}

const char *request_method_name(const struct request *request)
{
	return request->method_name;
}

const char *request_path(const struct request *request)
{
	return request->path;
}

uint64_t request_number(const struct request *request)
{
	return request->number;
}

void request_set_number(struct request *request, uint64_t number)
{
	request->number = number;
}

const char *request_query(const struct request *request)
{
	return param_or(request->gateway, "QUERY_STRING", "");
}

const char *request_param(struct request *request, const char *name)
{
	return meta_variable(request->gateway->params, name, &request->gateway->arena);
}

bool request_is_peer_own(struct request *request)
{
	const struct gateway_operations *operations = request->gateway->operations;

	return operations->is_peer_own != NULL && operations->is_peer_own(request->gateway);
}

void *request_memory(struct request *request, size_t size)
{
	return arena_zeroed(&request->gateway->arena, size);
}

size_t request_read(struct request *request, char *chunk, size_t size)
{
	size_t length = request->gateway->operations->read(request->gateway, chunk, size);

	meters.requests.bodies += length;
	return length;
}

unsigned request_refused(const struct request *request)
{
	return request->joined.failed ? 503 : request->gateway->refused;
}
