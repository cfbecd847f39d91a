#ifndef ROLLCALL_TESTS_FUZZ_EVENT_LOOP_PEER_H
#define ROLLCALL_TESTS_FUZZ_EVENT_LOOP_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include "base/buffer.h"
#include "fuzz/routes/fuzz_site.h"

/*
 * The other end of a connection, on the thread of the loop: it sends some bytes, lets the loop
 * turn, and takes what has come. How it cuts what it sends, and how slowly it reads, follows from a
 * seed; with a seed of 0 it sends all at once, and takes all that there is.
 */
struct peer {
	struct fuzz_site *site;
	int socket; /* -1: none */
	uint32_t seed;
	bool is_coarse;      /* sends much at once */
	bool is_slow;        /* takes little at once */
	bool is_deaf;        /* takes nothing */
	bool has_closed;     /* the server */
	struct buffer taken; /* all that has come */
};

void peer_connect(struct peer *peer, struct fuzz_site *site, const struct sockaddr_un *address,
	socklen_t length);

/* Sends as much as the server takes while the loop turns. */
void peer_send(struct peer *peer, const uint8_t *bytes, size_t length);

/* Turns the loop, and takes what comes, until nothing moves any more. */
void peer_settle(struct peer *peer);

/* The same with all jobs of the worker. */
void peer_work(struct peer *peer);

/* Says that it will send nothing more. */
void peer_finish(struct peer *peer);

void peer_close(struct peer *peer);

#endif
