#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

long number_parse(const char *text, long most)
{
	char *end;

	errno = 0;
	long number = strtol(text, &end, 10);
	bool is_number = *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
	return is_number && number <= most ? number : -1;
}

socklen_t address_parse_path(union address *address, const char *path)
{
	address->un = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (*path == '\0' || strlen(path) >= sizeof(address->un.sun_path))
		return 0;
	memcpy(address->un.sun_path, path, strlen(path) + 1);
	return sizeof(address->un);
}

static socklen_t parse_tcp(union address *address, const char *text)
{
	char host[INET6_ADDRSTRLEN];
	const char *colon = strrchr(text, ':');
	long port = colon == NULL ? -1 : number_parse(colon + 1, UINT16_MAX);
	bool is_v6 = *text == '[';
	size_t brackets = is_v6 ? 1 : 0;

	if (port < 0 || colon - text < 3 || (is_v6 && colon[-1] != ']'))
		return 0;
	size_t length = (size_t)(colon - text) - 2 * brackets;
	if (length >= sizeof(host))
		return 0;
	memcpy(host, text + brackets, length);
	host[length] = '\0';
	if (is_v6) {
		address->in6 = (struct sockaddr_in6){
			.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
		return inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1
			       ? sizeof(address->in6)
			       : 0;
	}
	address->in =
		(struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	return inet_pton(AF_INET, host, &address->in.sin_addr) == 1 ? sizeof(address->in) : 0;
}

socklen_t address_parse(union address *address, const char *text)
{
	if (strncmp(text, "tcp:", 4) == 0)
		return parse_tcp(address, text + 4);
	return strncmp(text, "unix:", 5) == 0 ? address_parse_path(address, text + 5) : 0;
}
