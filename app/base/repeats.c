/*
 * Counts events that a peer can cause in any number, so that the log shows the first few of each
 * kind and then one line with how many more there were: a flood of bad requests must not become a
 * flood of log lines.
 */
#include "base/repeats.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

bool repeats_count(struct repeats *repeats, const char *event, unsigned level)
{
	size_t i = 0;

	while (repeats->kinds[i].event != NULL && strcmp(repeats->kinds[i].event, event) != 0) {
		i++;
		assert(i < REPEATS_KINDS);
	}
	struct repeated *kind = &repeats->kinds[i];
	kind->event = event;
	kind->level = level;
	repeats->is_counting = true;
	if (kind->shown == REPEATS_SHOWN) {
		kind->more++;
		return false;
	}
	kind->shown++;
	return true;
}

struct repeats repeats_end(struct repeats *repeats)
{
	const struct repeats ended = *repeats;

	*repeats = (struct repeats){0};
	return ended;
}
