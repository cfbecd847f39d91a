#ifndef ROLLCALL_TESTS_SUPPORT_UNIT_LATE_STORE_H
#define ROLLCALL_TESTS_SUPPORT_UNIT_LATE_STORE_H

#include <uv.h>

#include "store/store.h"

/*
 * A kind of store that wraps another and uses all that store.h allows: most questions are answered
 * on a later turn of the loop, the view is often not at hand, a name may be found to be taken
 * later, and new users have to be fetched first. What it lends to a callback is overwritten and
 * freed when the callback returns. The dice are thrown from a seed.
 */

/* The other one stays the caller's, but for its watcher. store_stop() fails the test if jobs are
 * left.
 */
struct store *late_store_open(struct store *other, uv_loop_t *loop, uint64_t seed);

/* From now on every question is late, the view is not at hand, and nothing is answered; or all is
 * as before, and what has waited is answered. */
void late_store_hold(struct store *store, bool is_held);

/* From now on nobody is told that a change was stored, but RESULT_UNKNOWN. */
void late_store_doubt(struct store *store);

/* How many questions and creates are under way. */
size_t late_store_jobs(const struct store *store);

#endif
