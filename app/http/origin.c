/*
 * Both the Origin and the Host of a request are parsed into host and port, and those are compared.
 * Anything that does not parse is not the same: a form from elsewhere must not pass because of a
 * spelling that this file does not know.
 */
#include "http/origin.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"

/* A host and a port, borrowed from the text they stand in. */
struct authority {
	const char *name; /* NULL: it is an address */
	size_t length;
	struct in6_addr address;
	uint64_t port; /* 0: not said */
};

struct scheme {
	const char *prefix;
	uint64_t port; /* the default */
};

static const struct scheme http = {"http://", 80}, https = {"https://", 443};

static const struct scheme *find_scheme(const char *origin);
static bool parse_authority(const char *text, struct authority *authority);
static bool find_own(struct request *request, struct authority *own);
static bool is_secure(struct request *request);
static bool is_same_host(const struct authority *one, const struct authority *other);
static bool is_same_authority(
	const struct authority *one, const struct authority *other, const struct scheme *scheme);
static bool is_same_origin(const char *origin, const char *own);

bool origin_is_own(struct request *request, const char *origin)
{
	const struct scheme *scheme = find_scheme(origin);
	struct authority named = {0}, own = {0};

	if (request_origin(request) != NULL)
		return is_same_origin(origin, request_origin(request));
	if (scheme == NULL || (scheme == &http && is_secure(request)))
		return false;
	return parse_authority(origin + strlen(scheme->prefix), &named) &&
	       find_own(request, &own) && is_same_authority(&named, &own, scheme);
}

static bool is_same_authority(
	const struct authority *one, const struct authority *other, const struct scheme *scheme)
{
	uint64_t one_port = one->port > 0 ? one->port : scheme->port;
	uint64_t other_port = other->port > 0 ? other->port : scheme->port;

	return one_port == other_port && is_same_host(one, other);
}

/* NULL if it does not parse. */
static const struct scheme *parse_origin(const char *origin, struct authority *authority)
{
	const struct scheme *scheme = find_scheme(origin);

	if (scheme == NULL || !parse_authority(origin + strlen(scheme->prefix), authority))
		return NULL;
	return scheme;
}

bool origin_is_valid(const char *origin)
{
	struct authority authority = {0};

	return parse_origin(origin, &authority) != NULL;
}

static bool is_same_origin(const char *origin, const char *own)
{
	struct authority one = {0}, other = {0};
	const struct scheme *scheme = parse_origin(origin, &one);

	return scheme != NULL && scheme == parse_origin(own, &other) &&
	       is_same_authority(&one, &other, scheme);
}

static bool has_prefix(const char *text, const char *prefix)
{
	return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

static const struct scheme *find_scheme(const char *origin)
{
	if (has_prefix(origin, http.prefix))
		return &http;
	return has_prefix(origin, https.prefix) ? &https : NULL;
}

/* An IPv6 address up to its bracket. Returns what follows, NULL if there is no address. */
static const char *parse_address(const char *text, struct authority *authority)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "]");

	if (text[length] == '\0' || length >= sizeof(address))
		return NULL;
	memcpy(address, text, length);
	address[length] = '\0';
	if (inet_pton(AF_INET6, address, &authority->address) != 1)
		return NULL;
	return text + length + 1;
}

/* A name or an IPv4 address (reg-name in RFC 3986, section 3.2.2, but for the comma, which would
 * make a list of it). The same. */
static const char *parse_name(const char *text, struct authority *authority)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789-._~%!$&'()*+;=");
	bool has_dot = length > 0 && text[length - 1] == '.';

	authority->name = text;
	authority->length = has_dot ? length - 1 : length;
	return authority->length > 0 ? text + length : NULL;
}

static bool parse_port(const char *text, uint64_t *port)
{
	size_t length = strlen(text);

	*port = 0;
	return length == 0 || (decimal_parse(text, length, port) == length && *port <= UINT16_MAX);
}

static bool parse_authority(const char *text, struct authority *authority)
{
	const char *end =
		*text == '[' ? parse_address(text + 1, authority) : parse_name(text, authority);

	if (end == NULL)
		return false;
	return *end == ':' ? parse_port(end + 1, &authority->port) : *end == '\0';
}

/* "" if there is none. */
static const char *param(struct request *request, const char *name)
{
	const char *value = request_param(request, name);

	return value != NULL ? value : "";
}

static bool find_own(struct request *request, struct authority *own)
{
	const char *host = param(request, "HTTP_HOST");

	if (*host != '\0')
		return parse_authority(host, own);
	return parse_authority(param(request, "SERVER_NAME"), own) &&
	       parse_port(param(request, "SERVER_PORT"), &own->port);
}

static bool is_secure(struct request *request)
{
	const char *tls = param(request, "HTTPS");

	return strcasecmp(tls, "on") == 0 || strcmp(tls, "1") == 0 ||
	       strcasecmp(param(request, "REQUEST_SCHEME"), "https") == 0;
}

static bool is_same_host(const struct authority *one, const struct authority *other)
{
	if (one->name == NULL || other->name == NULL)
		return one->name == other->name &&
		       memcmp(&one->address, &other->address, sizeof(one->address)) == 0;
	return one->length == other->length &&
	       strncasecmp(one->name, other->name, one->length) == 0;
}

bool origin_is_elsewhere(struct request *request)
{
	const char *fetch_site = param(request, "HTTP_SEC_FETCH_SITE");

	if (*fetch_site != '\0')
		return strcmp(fetch_site, "same-origin") != 0 && strcmp(fetch_site, "none") != 0;
	const char *origin = param(request, "HTTP_ORIGIN");
	return *origin != '\0' && !origin_is_own(request, origin);
}
