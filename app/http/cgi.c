#include "http/cgi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/memory.h"
#include "http/meta_variable.h"

struct cgi {
	struct gateway gateway;
	uint64_t body_left;
	bool *failed;
};

static struct cgi *of(struct gateway *gateway)
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

/* CGI servers do not give DOCUMENT_URI. PATH_INFO is what they leave of the path after the
 * program's own. */
static const char *document_uri(void)
{
	const char *given = getenv("DOCUMENT_URI");
	const char *below = or_empty(getenv("PATH_INFO"));

	if (given != NULL)
		return given;
	return *below != '\0' ? below : "/";
}

static const char *cgi_param(struct gateway *gateway, const char *name)
{
	if (strcmp(name, "DOCUMENT_URI") == 0)
		return document_uri();
	return meta_variable(environ, name, &gateway->arena);
}

static size_t cgi_read(struct gateway *gateway, char *chunk, size_t size)
{
	struct cgi *cgi = of(gateway);
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

static void write_all(struct cgi *cgi, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(STDOUT_FILENO, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			*cgi->failed = true;
			return;
		}
		bytes += written;
		length -= (size_t)written;
	}
}

static void cgi_respond(struct gateway *gateway, const char *head, size_t head_length,
	const char *body, size_t body_length)
{
	write_all(of(gateway), head, head_length);
	write_all(of(gateway), body, body_length);
}

static void cgi_settle(struct gateway *gateway)
{
	(void)gateway; /* the environment stays */
}

static void cgi_release(struct gateway *gateway)
{
	arena_end(&gateway->arena);
	free(gateway);
}

static const struct gateway_operations operations = {
	.param = cgi_param,
	.read = cgi_read,
	.respond = cgi_respond,
	.settle = cgi_settle,
	.release = cgi_release,
};

/* Sets how long the body is. Returns the status with which the request is refused, or 0. */
static unsigned read_length(size_t most, uint64_t *length)
{
	const char *given = or_empty(getenv("CONTENT_LENGTH"));
	bool has_coding = *or_empty(getenv("HTTP_TRANSFER_ENCODING")) != '\0';

	*length = 0;
	/* A server that doesn't gather a body of unknown length gives none for it, and input ends
	 * nowhere. */
	if (*given == '\0')
		return has_coding ? 400 : 0;
	if (!decimal_read(given, length))
		return 400;
	return *length > most ? 413 : 0;
}

struct gateway *cgi_open(size_t max_body, bool *failed)
{
	struct cgi *cgi = memory_zeroed(sizeof(*cgi));

	cgi->gateway.operations = &operations;
	cgi->gateway.refused = read_length(max_body, &cgi->body_left);
	cgi->failed = failed;
	return &cgi->gateway;
}
