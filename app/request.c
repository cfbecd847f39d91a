#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "heap.h"

struct request {
	struct gateway *gateway;
	const char *id;
	const char *method_name;
	const char *path;
	const char *query;
	enum method method;
};

static enum method method_named(const char *name)
{
	if (strcmp(name, "GET") == 0)
		return METHOD_GET;
	if (strcmp(name, "HEAD") == 0)
		return METHOD_HEAD;
	if (strcmp(name, "POST") == 0)
		return METHOD_POST;
	return METHOD_OTHER;
}

static const char *param_or(struct gateway *gateway, const char *name, const char *otherwise)
{
	const char *value = gateway->operations->param(gateway, name);

	return value != NULL && *value != '\0' ? value : otherwise;
}

struct request *request_open(struct gateway *gateway)
{
	struct request *request = heap_zeroed(sizeof(*request));

	request->gateway = gateway;
	request->id = param_or(gateway, "REQUEST_ID", "-");
	request->method_name = param_or(gateway, "REQUEST_METHOD", "-");
	request->method = method_named(request->method_name);
	request->path = param_or(gateway, "DOCUMENT_URI", NULL);
	request->query = param_or(gateway, "QUERY_STRING", "");
	return request;
}

void request_close(struct request *request)
{
	free(request);
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

const char *request_query(const struct request *request)
{
	return request->query;
}

const char *request_param(struct request *request, const char *name)
{
	return request->gateway->operations->param(request->gateway, name);
}

size_t request_read(struct request *request, char *chunk, size_t size)
{
	return request->gateway->operations->read(request->gateway, chunk, size);
}

unsigned request_refused(const struct request *request)
{
	return request->gateway->refused;
}
