#ifndef ROLLCALL_BASE_REPEATS_H
#define ROLLCALL_BASE_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Events that a peer can bring about as often as it likes: REPEATS_SHOWN of each are shown in a
 * span of time, and the rest of them are counted. The owner says when the span is over.
 */
#define REPEATS_KINDS 8
#define REPEATS_SHOWN 10

struct repeats {
	struct repeated {
		const char *event; /* NULL from the first on that is free */
		unsigned level;
		unsigned shown;
		uint64_t more; /* that were only counted */
	} kinds[REPEATS_KINDS];
	bool is_counting; /* there were some in this span */
};

/* Whether this one is to be shown. There is room for REPEATS_KINDS events, which are literals. */
bool repeats_count(struct repeats *repeats, const char *event, unsigned level);

/* The span is over, and the next one begins empty. Returns what there was. */
struct repeats repeats_end(struct repeats *repeats);

#endif
