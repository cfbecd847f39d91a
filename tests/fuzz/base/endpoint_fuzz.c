/*
 * An address that is read, written as the C library writes it, and read once more is the same
 * address. One that is refused is explained.
 */
#include "base/endpoint.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define WRITTEN_SIZE 256

static void write_endpoint(const struct endpoint *endpoint, char text[static WRITTEN_SIZE])
{
	char host[INET6_ADDRSTRLEN];

	switch (endpoint->address.any.sa_family) {
	case AF_UNIX:
		snprintf(text, WRITTEN_SIZE, "unix:%s", endpoint->address.un.sun_path);
		break;
	case AF_INET:
		must(inet_ntop(AF_INET, &endpoint->address.in.sin_addr, host, sizeof(host)) !=
			NULL);
		snprintf(text, WRITTEN_SIZE, "tcp:%s:%u", host,
			(unsigned)ntohs(endpoint->address.in.sin_port));
		break;
	default:
		must(endpoint->address.any.sa_family == AF_INET6);
		must(inet_ntop(AF_INET6, &endpoint->address.in6.sin6_addr, host, sizeof(host)) !=
			NULL);
		snprintf(text, WRITTEN_SIZE, "tcp:[%s]:%u", host,
			(unsigned)ntohs(endpoint->address.in6.sin6_port));
		break;
	}
}

static void check_taken(const struct endpoint *endpoint, const char *text)
{
	char written[WRITTEN_SIZE];
	struct endpoint again = {0};
	struct reason reason = {0};
	bool is_tcp = strncmp(text, "tcp:", 4) == 0;

	must(is_tcp == (endpoint->address.any.sa_family != AF_UNIX));
	must(endpoint->length > 0 && endpoint->length <= sizeof(endpoint->address));
	if (!is_tcp)
		must(strcmp(endpoint->address.un.sun_path,
			     strncmp(text, "unix:", 5) == 0 ? text + 5 : text) == 0);
	must(is_tcp ||
		strnlen(endpoint->address.un.sun_path, sizeof(endpoint->address.un.sun_path)) <
			sizeof(endpoint->address.un.sun_path));
	/* The port of IPv4 and IPv6 is in the same place. */
	must(!is_tcp ||
		strtoul(strrchr(text, ':') + 1, NULL, 10) == ntohs(endpoint->address.in.sin_port));
	write_endpoint(endpoint, written);
	must(endpoint_parse(&again, written, &reason) == RESULT_OK);
	must(again.length == endpoint->length);
	must(memcmp(&again.address, &endpoint->address, endpoint->length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = fuzz_string((const char *)bytes, length);
	struct endpoint endpoint = {0};
	struct reason reason = {0};
	enum result result = endpoint_parse(&endpoint, text, &reason);

	must(result == RESULT_OK || result == RESULT_MALFORMED);
	if (result == RESULT_OK)
		check_taken(&endpoint, text);
	else
		must(*reason.text != '\0');
	free(text);
	return 0;
}
