#ifndef ROLLCALL_EVENT_LOOP_ALLOW_LIST_H
#define ROLLCALL_EVENT_LOOP_ALLOW_LIST_H

#include <stdbool.h>
#include <uv.h>

#include "base/log.h"

/* The web server at the other end of a connection. */

/*
 * Whether the peer may connect over TCP. `list` is FCGI_WEB_SERVER_ADDRS of the environment
 * (FastCGI specification, section 3.2): IP addresses separated by commas. A refusal is logged.
 */
bool allow_list_admits(const uv_tcp_t *connection, const char *list, struct log *log);

/* Whether an address, as inet_ntop(3) writes it, is in the list. An IPv4 address mapped to IPv6
 * counts as the IPv4 address. NULL stands for a list of all addresses. */
bool allow_list_has(const char *list, const char *address);

#endif
