#ifndef ROLLCALL_EVENT_LOOP_ALLOW_LIST_H
#define ROLLCALL_EVENT_LOOP_ALLOW_LIST_H

#include <stdbool.h>
#include <uv.h>

#include "base/log.h"

/* The web server at the other end of a connection. */

/*
 * Whether it may connect over TCP: FCGI_WEB_SERVER_ADDRS of the environment (FastCGI specification,
 * section 3.2) is a list of IP addresses with commas between them. One that may not is logged.
 */
bool allow_list_admits(const uv_tcp_t *connection, const char *list, struct log *log);

/* Whether an address, as inet_ntop(3) writes it, is in the list. An IPv4 address that came through
 * an IPv6 socket is looked for as what it is. No list, NULL, has them all. */
bool allow_list_has(const char *list, const char *address);

#endif
