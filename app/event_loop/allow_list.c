/*
 * TCP has no file mode that says which processes may connect, as a unix socket has: the addresses
 * that may are listed, and any other peer is turned away before a byte of it is read.
 */
#include "event_loop/allow_list.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

/* Either kind of address in the form of the longer one. */
static bool parse_listed_address(const char *text, size_t length, struct in6_addr *address)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char copy[INET6_ADDRSTRLEN];

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	memcpy(address->s6_addr, mapped, sizeof(mapped));
	return inet_pton(AF_INET, copy, address->s6_addr + sizeof(mapped)) == 1 ||
	       inet_pton(AF_INET6, copy, address) == 1;
}

bool allow_list_has(const char *list, const char *address)
{
	struct in6_addr wanted, listed;

	if (list == NULL)
		return true;
	if (!parse_listed_address(address, strlen(address), &wanted))
		return false;
	while (*list != '\0') {
		list += strspn(list, ", ");
		size_t length = strcspn(list, ", ");
		if (length > 0 && parse_listed_address(list, length, &listed) &&
			memcmp(&wanted, &listed, sizeof(wanted)) == 0)
			return true;
		list += length;
	}
	return false;
}

bool allow_list_admits(const uv_tcp_t *connection, const char *list, struct log *log)
{
	struct sockaddr_storage address;
	int length = sizeof(address);
	char name[INET6_ADDRSTRLEN] = "";

	if (uv_tcp_getpeername(connection, (struct sockaddr *)&address, &length) == 0)
		uv_ip_name((struct sockaddr *)&address, name, sizeof(name));
	if (allow_list_has(list, name))
		return true;
	log_often(log, LOG_WARN, "peer-refused", LOG_TEXT("address", name));
	return false;
}
