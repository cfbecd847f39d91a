#ifndef ROLLCALL_STORE_HISTORY_H
#define ROLLCALL_STORE_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/limit.h"
#include "store/store.h"

/* The last LIMIT_HISTORY changes of users, other than creates, for clients that follow the list. A
 * value. */
struct history {
	uint64_t first; /* the number of the change before the first one */
	uint64_t last;  /* of the last one */
	struct {
		uint64_t user;
		enum store_change_kind kind;
	} changes[LIMIT_HISTORY]; /* the change N is at N % LIMIT_HISTORY */
};

/* Numbers begin at a place that differs from run to run. */
void history_begin(struct history *history);

void history_add(struct history *history, enum store_change_kind kind, uint64_t user);

/* As store_changes(), but the users have only their number. */
enum result history_read(const struct history *history, uint64_t after,
	struct store_change *changes, size_t most, struct store_news *news) MUST_CHECK;

#endif
