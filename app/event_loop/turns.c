/*
 * An idle handle runs once in each turn of the loop, before the poll, and keeps the poll from
 * waiting: it is active while parts wait. The requests that have arrived meanwhile come between
 * two parts.
 */
#include "event_loop/turns.h"

#include <assert.h>
#include <stdlib.h>
#include <uv.h>

#include "base/memory.h"
#include "base/meters/loop_span.h"

struct turns {
	uv_idle_t next;
	TAILQ_HEAD(turn_list, turn) waiting;
};

struct turns *turns_open(struct uv_loop_s *loop)
{
	struct turns *turns = memory_zeroed(sizeof(*turns));

	TAILQ_INIT(&turns->waiting);
	uv_idle_init(loop, &turns->next); /* cannot fail */
	/* Whatever the work is for keeps the loop alive. */
	uv_unref((uv_handle_t *)&turns->next);
	turns->next.data = turns;
	return turns;
}

static void take_turn(struct turns *turns, struct turn *turn)
{
	TAILQ_REMOVE(&turns->waiting, turn, others);
	turn->is_waiting = false;
	if (TAILQ_EMPTY(&turns->waiting))
		uv_idle_stop(&turns->next);
}

/* The part may free its turn, and may wait for the next one. */
static void on_next_turn(uv_idle_t *next)
{
	struct turns *turns = next->data;
	struct turn *turn = TAILQ_FIRST(&turns->waiting);

	loop_span_begin(PHASE_PENDING, __func__);
	take_turn(turns, turn);
	turn->part(turn->argument);
}

void turns_wait(struct turns *turns, struct turn *turn, turn_cb *part, void *argument)
{
	assert(!turn->is_waiting);
	turn->part = part;
	turn->argument = argument;
	turn->is_waiting = true;
	TAILQ_INSERT_TAIL(&turns->waiting, turn, others);
	uv_idle_start(&turns->next, on_next_turn);
}

void turns_cancel(struct turns *turns, struct turn *turn)
{
	if (turn->is_waiting)
		take_turn(turns, turn);
}

void turns_end(struct turns *turns)
{
	if (turns != NULL)
		uv_close((uv_handle_t *)&turns->next, NULL);
}

void turns_close(struct turns *turns)
{
	free(turns);
}
