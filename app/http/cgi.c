/*
 * The gateway of a process that a CGI server has started for one request. The environment is its
 * list of meta-variables, and its descriptors are read and written here, waiting for them. A CGI
 * server does not send DOCUMENT_URI, by which requests are routed: it is put in front of the list.
 */
#include "http/cgi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/memory.h"

struct cgi {
	struct gateway gateway;
	char *document_uri; /* DOCUMENT_URI=..., NULL if the server has sent it */
	struct meta_variable *params;
	uint64_t body_left;
	struct cgi_outcome *outcome;
};

static struct cgi *cgi_of(struct gateway *gateway)
{
	return (struct cgi *)gateway;
}

bool cgi_is_wanted(void)
{
	const char *interface = getenv("GATEWAY_INTERFACE");

	return interface != NULL && strncasecmp(interface, "CGI/", 4) == 0;
}

static const char *or_empty(const char *value)
{
	return value != NULL ? value : "";
}

/* PATH_INFO is what CGI servers leave of the path after the program's own. */
static char *make_document_uri(void)
{
	const char *below = or_empty(getenv("PATH_INFO"));

	if (getenv("DOCUMENT_URI") != NULL)
		return NULL;
	return memory_printf("DOCUMENT_URI=%s", *below != '\0' ? below : "/");
}

static struct meta_variable *list_params(char *first)
{
	char *const firsts[] = {first, NULL};
	size_t count = 0;

	while (environ[count] != NULL)
		count++;
	struct meta_variable *params = memory_zeroed((count + 2) * sizeof(*params));
	meta_variables_from(firsts, params);
	meta_variables_from(environ, params + (first != NULL ? 1 : 0));
	return params;
}

static size_t cgi_read(struct gateway *gateway, char *chunk, size_t size)
{
	struct cgi *cgi = cgi_of(gateway);
	size_t most = cgi->body_left < size ? (size_t)cgi->body_left : size;
	ssize_t length;

	do
		length = read(STDIN_FILENO, chunk, most);
	while (length < 0 && errno == EINTR);
	if (length <= 0)
		return 0;
	cgi->body_left -= (size_t)length;
	return (size_t)length;
}

static void write_output(struct cgi *cgi, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			cgi->outcome->has_failed = true;
			return;
		}
		bytes += written;
		length -= (size_t)written;
	}
}

static bool cgi_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length)
{
	write_output(cgi_of(gateway), head, head_length);
	write_output(cgi_of(gateway), body, body_length);
	return true;
}

static void cgi_release(struct gateway *gateway)
{
	struct cgi *cgi = cgi_of(gateway);

	cgi->outcome->is_over = true;
	arena_end(&gateway->arena);
	free(cgi->params);
	free(cgi->document_uri);
	free(cgi);
}

static const struct gateway_operations cgi_operations = {
	.read = cgi_read,
	.respond = cgi_respond,
	.release = cgi_release,
};

/* Sets how long the body is. Returns the status with which the request is refused, or 0. */
static unsigned read_body_length(size_t most, uint64_t *length)
{
	const char *given = or_empty(getenv("CONTENT_LENGTH"));
	bool has_coding = *or_empty(getenv("HTTP_TRANSFER_ENCODING")) != '\0';

	/* A server that doesn't gather a body of unknown length gives none for it, and input ends
	 * nowhere. */
	if (*given == '\0')
		return has_coding ? 400 : 0;
	if (!decimal_read(given, length))
		return 400;
	return *length > most ? 413 : 0;
}

static struct gateway *open_cgi(unsigned refused, uint64_t body_length, struct cgi_outcome *outcome)
{
	struct cgi *cgi = memory_zeroed(sizeof(*cgi));

	cgi->document_uri = make_document_uri();
	cgi->params = list_params(cgi->document_uri);
	cgi->body_left = body_length;
	cgi->outcome = outcome;
	cgi->gateway = (struct gateway){
		.operations = &cgi_operations, .params = cgi->params, .refused = refused};
	return &cgi->gateway;
}

struct gateway *cgi_open(size_t max_body, struct cgi_outcome *outcome)
{
	uint64_t length = 0;
	unsigned refused = read_body_length(max_body, &length);

	return open_cgi(refused, length, outcome);
}

struct gateway *cgi_open_refused(unsigned status, struct cgi_outcome *outcome)
{
	return open_cgi(status, 0, outcome);
}
