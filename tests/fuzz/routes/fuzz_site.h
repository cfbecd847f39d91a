#ifndef ROLLCALL_TESTS_FUZZ_ROUTES_FUZZ_SITE_H
#define ROLLCALL_TESTS_FUZZ_ROUTES_FUZZ_SITE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "http/router.h"
#include "options/options.h"
#include "routes/site.h"
#include "store/store.h"
#include "support/disk/simulated_disk.h"

/*
 * The whole site, as the program puts it together, over a driven loop (driven_loop.h) and a disk in
 * memory. It has some users at the beginning, the same each time.
 */
struct fuzz_site {
	uv_loop_t loop;
	uv_idle_t awake;
	struct simulated_disk *disk;
	struct store *store;
	struct store *late; /* around it, for the routes; or NULL */
	struct options options;
	struct site site;
	struct router router;
};

/* The users at the beginning: their numbers are 1 to this. */
#define FUZZ_SITE_USERS 7

#define FUZZ_SITE_BASE_PATH "/list"

/* Which options are set, each a bit. */
#define FUZZ_SITE_ADMIN        1u
#define FUZZ_SITE_EXPORT       2u
#define FUZZ_SITE_UNDER_PATH   4u
#define FUZZ_SITE_FEW_SEATS    8u
#define FUZZ_SITE_WAITING_LIST 16u
#define FUZZ_SITE_CLOSED       32u
#define FUZZ_SITE_ORIGIN       64u
#define FUZZ_SITE_MANY         128u /* more users than those */

/* With a seed other than 0 the store answers later (support/unit/late_store.h). */
void fuzz_site_open(struct fuzz_site *site, unsigned options, unsigned late_seed);

/* Stops it as the program does. The loop must run once more, and connections must be closed before
 * fuzz_site_close(). */
void fuzz_site_stop(struct fuzz_site *site);

/* Expects that nothing is left in the loop. */
void fuzz_site_close(struct fuzz_site *site);

/* Turns of the loop and jobs of the worker until there is no job left, and no late answer. */
void fuzz_site_settle(struct fuzz_site *site);

/* Runs a job, if there is one. Whether there may be more to wait for. */
bool fuzz_site_work(struct fuzz_site *site);

/* The user with that number, NULL if there is none: valid until the loop turns. */
const struct user *fuzz_site_user(const struct fuzz_site *site, uint64_t number);

/* How many users a start would find if the power went out now, and the last number that one of them
 * was given. */
struct fuzz_site_durable {
	uint64_t users;
	uint64_t last;
};
struct fuzz_site_durable fuzz_site_durable(const struct fuzz_site *site);

#endif
