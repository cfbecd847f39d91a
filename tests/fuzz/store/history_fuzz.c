/*
 * The ring of changes against a plain list of all of them: a client that has seen up to some number
 * is told all that came after it, in order and a page at a time, or that it has missed too much.
 */
#include "store/history.h"

#include <stdlib.h>

#include "fuzz/fuzz.h"

#define ADDED_MOST 8192

static uint64_t user_of(uint64_t change)
{
	return change * 7 + 3;
}

static enum store_change_kind kind_of(uint64_t change)
{
	return change % 3 == 0 ? STORE_RENAMED : STORE_REMOVED;
}

static void read_page(const struct history *history, uint64_t after, size_t most)
{
	static struct store_change changes[LIMIT_HISTORY + 2];
	struct store_news news;
	uint64_t left = history->last - after;
	bool is_known = after >= history->first && after <= history->last && left <= LIMIT_HISTORY;
	enum result result = history_read(history, after, changes, most, &news);

	must((result == RESULT_OK) == is_known && (is_known || result == RESULT_MISSING));
	if (!is_known) {
		must(news.count == 0 && !news.has_more);
		return;
	}
	must(news.count == (left < most ? left : most) && news.has_more == (left > most));
	for (size_t i = 0; i < news.count; i++) {
		must(changes[i].user.number == user_of(after + 1 + i));
		must(changes[i].kind == kind_of(after + 1 + i));
	}
}

/* The last numbers that are known, and those that are not, on both sides. */
static void read_ends(const struct history *history)
{
	static const uint64_t back[] = {0, 1, LIMIT_HISTORY - 1, LIMIT_HISTORY, LIMIT_HISTORY + 1};

	for (size_t i = 0; i < sizeof(back) / sizeof(*back); i++)
		read_page(history, history->last - back[i], LIMIT_HISTORY);
	read_page(history, history->last + 1, 1);
	read_page(history, history->first, LIMIT_HISTORY);
	read_page(history, history->first - 1, 1);
}

static uint64_t take_wide(struct fuzz_input *input)
{
	uint64_t number = fuzz_take_byte(input);

	return number << 8 | fuzz_take_byte(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct history history;
	struct fuzz_input input = {bytes, length};
	size_t added = 0;

	history_begin(&history);
	must(history.first == history.last && history.first > LIMIT_PLACE / 10);
	/* The same from run to run. */
	history.first = history.last = LIMIT_PLACE / 10 + 1 + take_wide(&input);
	while (input.length > 0) {
		uint64_t step = take_wide(&input);
		if (step % 2 == 0) {
			for (uint64_t i = step / 2 % 2000; i > 0 && added < ADDED_MOST; i--) {
				uint64_t change = history.last + 1;
				history_add(&history, kind_of(change), user_of(change));
				added++;
			}
			read_ends(&history);
		} else {
			uint64_t back = step / 2 % 1400;
			size_t most = (size_t)(take_wide(&input) % (LIMIT_HISTORY + 2));
			read_page(&history, history.last + 2 - back, most);
			read_page(&history, step, most);
		}
	}
	return 0;
}
