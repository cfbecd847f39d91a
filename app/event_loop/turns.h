#ifndef ROLLCALL_EVENT_LOOP_TURNS_H
#define ROLLCALL_EVENT_LOOP_TURNS_H

#include <stdbool.h>
#include <sys/queue.h>

/*
 * Long work in parts: one part in each turn of the loop, in the order in which they were
 * asked for. However much of it there is, a request waits for one part at most. Loop thread
 * only.
 */
struct turns;

/* libuv's uv_loop_t: routes include this header, and must not see <uv.h>. */
struct uv_loop_s;

typedef void turn_cb(void *argument);

/* The next part of some work. It lives with the work; zeroed at first. */
struct turn {
	TAILQ_ENTRY(turn) others;
	turn_cb *part;
	void *argument;
	bool is_waiting;
};

struct turns *turns_open(struct uv_loop_s *loop);

/* Calls `part` once, in a later turn, unless it is cancelled. */
void turns_wait(struct turns *turns, struct turn *turn, turn_cb *part, void *argument);
void turns_cancel(struct turns *turns, struct turn *turn);

/* Nothing waits any more. The loop has to run once more before turns_close(). NULL is fine for
 * both. */
void turns_end(struct turns *turns);
void turns_close(struct turns *turns);

#endif
