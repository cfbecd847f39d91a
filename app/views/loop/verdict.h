#ifndef ROLLCALL_VIEWS_LOOP_VERDICT_H
#define ROLLCALL_VIEWS_LOOP_VERDICT_H

#include "base/buffer.h"
#include "base/meters/minute.h"

/* What a second of the loop looks like, the worst first. */
enum loop_state {
	LOOP_FAILING,
	LOOP_SLOW_DISK,
	LOOP_DELAYED,
	LOOP_PAUSED,
	LOOP_SATURATED,
	LOOP_WORKING,
	LOOP_QUIET,
	LOOP_STATES
};

/* A batch that takes so long on its way to the disk is told of: people notice that they wait. */
#define VERDICT_SLOW_DISK UINT64_C(50000000)

enum loop_state verdict_of(const struct second *second);

/* For programs, and for the style sheet: "slow-disk". */
const char *verdict_name(enum loop_state state);

/* For people: a few words without numbers, and in plain text one or two sentences with them. */
const char *verdict_title(enum loop_state state, const struct second *second);
void verdict_words(struct buffer *out, enum loop_state state, const struct second *second);

#endif
