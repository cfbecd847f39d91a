#ifndef ROLLCALL_TESTS_STORE_SUBJECT_H
#define ROLLCALL_TESTS_STORE_SUBJECT_H

#include <uv.h>

#include "store/store.h"

/*
 * A kind of store, as the conformance suite needs it. A new kind passes the suite as follows: a
 * file NAME_subject.c here defines `subject`, and a line in CMakeLists.txt makes it the test
 * store.NAME.
 *
 * A place is where the users of one store are: a directory, a database. The store is opened,
 * stopped and closed in one place many times, and finds its users again each time.
 */
struct subject {
	void *(*make_place)(void); /* without users */
	void (*remove_place)(void *place);

	/* Fails the test if it cannot. What a kind does by chance follows from `seed`. */
	struct store *(*open)(void *place, uv_loop_t *loop, uint64_t max_users, uint64_t seed);
	/* The loop runs to its end between these two. */
	void (*stop)(void *place);
	void (*close)(void *place);
};

/* The one that this program is about. */
extern const struct subject subject;

#endif
