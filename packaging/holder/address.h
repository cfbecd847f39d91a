#ifndef SOCKET_HOLDER_ADDRESS_H
#define SOCKET_HOLDER_ADDRESS_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

/* Where a socket listens. */
union address {
	struct sockaddr any;
	struct sockaddr_un un;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* unix:PATH, tcp:ADDRESS:PORT or tcp:[ADDRESS]:PORT, numeric. Returns the length of the address, or
 * 0 if it is none of these. */
socklen_t address_parse(union address *address, const char *text);

/* PATH, of 1 to 107 bytes. */
socklen_t address_parse_path(union address *address, const char *path);

/* A decimal number from 0 to most, or -1. */
long number_parse(const char *text, long most);

#endif
