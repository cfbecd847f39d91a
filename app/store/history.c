/*
 * What became of users that were there, in a ring. It is not kept: a client that comes back to
 * another run of the program has a number that is out of reach here, as one that has been away for
 * too long has, and is told to read the list anew.
 */
#include "store/history.h"

#include "base/random.h"

void history_begin(struct history *history)
{
	/* Far from the greatest number, and from those of other runs; with as many digits as
	 * those, so that pages are as long. */
	history->first = LIMIT_PLACE / 10 + 1 + random_number() % (LIMIT_PLACE / 2);
	history->last = history->first;
}

void history_add(struct history *history, enum store_change_kind kind, uint64_t user)
{
	size_t place = ++history->last % LIMIT_HISTORY;

	history->changes[place].user = user;
	history->changes[place].kind = kind;
}

enum result history_read(const struct history *history, uint64_t after,
	struct store_change *changes, size_t most, struct store_news *news)
{
	*news = (struct store_news){0};
	if (after < history->first || after > history->last ||
		history->last - after > LIMIT_HISTORY)
		return RESULT_MISSING;
	uint64_t count = history->last - after;
	news->has_more = count > most;
	news->count = news->has_more ? most : (size_t)count;
	for (size_t i = 0; i < news->count; i++) {
		size_t place = (after + 1 + i) % LIMIT_HISTORY;
		changes[i] = (struct store_change){.kind = history->changes[place].kind,
			.user.number = history->changes[place].user};
	}
	return RESULT_OK;
}
