/*
 * From the figures of a second to a sentence. Where several things are wrong, the one that causes
 * the others comes first: a slow disk makes sign-ups wait, and these take up connections.
 */
#include "views/loop/verdict.h"

#include "base/meters/loop_span.h"
#include "views/html.h"
#include "views/loop/figures.h"

static const struct {
	const char *name, *title;
	const char *of_database; /* its title if the users are there; or NULL */
} states[LOOP_STATES] = {
	[LOOP_FAILING] = {"failing", "The disk takes no users", "The database takes no users"},
	[LOOP_SLOW_DISK] = {"slow-disk", "The disk is slow", "The database is slow"},
	[LOOP_DELAYED] = {"delayed", "Something held up the loop", NULL},
	[LOOP_PAUSED] = {"paused", "No new connections are accepted", NULL},
	[LOOP_SATURATED] = {"saturated", "The loop has no time left", NULL},
	[LOOP_WORKING] = {"working", "All is well", NULL},
	[LOOP_QUIET] = {"quiet", "All is quiet", NULL},
};

enum loop_state verdict_of(const struct second *second)
{
	if (second->is_failing)
		return LOOP_FAILING;
	if (second_disk_time(second) >= VERDICT_SLOW_DISK)
		return LOOP_SLOW_DISK;
	if (second->delayed > 0)
		return LOOP_DELAYED;
	if (second->is_paused)
		return LOOP_PAUSED;
	if (second_work(second) > second->length / 10 * 9)
		return LOOP_SATURATED;
	return second->requests > 0 || second->stored > 0 ? LOOP_WORKING : LOOP_QUIET;
}

const char *verdict_name(enum loop_state state)
{
	return states[state].name;
}

const char *verdict_title(enum loop_state state, const struct second *second)
{
	bool is_other = second->is_database && states[state].of_database != NULL;

	return is_other ? states[state].of_database : states[state].title;
}

static void say_disk(struct html *html, const struct second *second)
{
	uint64_t waiting = second->pending + second->under_way;

	html_markup(html, "A batch ");
	if (second->stuck > 0) {
		html_markup(html, "has been on its way to the ");
		html_string(html, second_place(second));
		html_markup(html, " for ");
		html_duration(html, second_disk_time(second));
	} else {
		html_markup(html, "took ");
		html_duration(html, second_disk_time(second));
		html_markup(html, " to reach the ");
		html_string(html, second_place(second));
	}
	if (waiting > 0) {
		html_markup(html, ", and ");
		html_things(html, waiting, "change waits", "changes wait");
	}
	html_markup(html, ". ");
	if (second_work(second) < second->length / 2)
		html_markup(html, "The loop does not: it goes on turning, and pages are as fast "
				  "as ever. Only sign-ups are late.");
}

static void say_delayed(struct html *html, const struct second *second)
{
	size_t longest = 0;

	for (size_t i = 1; i < PHASES; i++) {
		if (second->busy[i] > second->busy[longest])
			longest = i;
	}
	html_markup(html, "A turn took more than 100 ms, and nothing else could run meanwhile: no "
			  "request, no timer. Most of the time went into the phase ");
	html_string(html, loop_phase_name((enum loop_phase)longest));
	html_markup(html, ". The log says which callback it was (event=loop-delayed).");
}

static void say_saturated(struct html *html, const struct second *second)
{
	html_markup(html, "It worked for ");
	buffer_share(html->out, second_work(second), second->length);
	html_markup(html, " of the last second, so requests wait for each other. A faster "
			  "processor would help, a faster disk would not.");
}

static void say_working(struct html *html, const struct second *second)
{
	html_things(html, second->requests, "request", "requests");
	html_markup(html, " in the last second");
	if (second->requests > 0) {
		html_markup(html, ", ");
		html_duration(html, mean_of(second->request_time, second->requests));
		html_string(html, second->requests == 1 ? " long" : " each on average");
	}
	html_markup(html, ". The loop worked for ");
	buffer_share(html->out, second_work(second), second->length);
	html_markup(html, " of it, and waited for the rest.");
}

void verdict_words(struct buffer *out, enum loop_state state, const struct second *second)
{
	struct html html = {.out = out};

	if (state == LOOP_FAILING)
		html_markup(&html, "Sign-ups are refused with 503, and everything else goes on. "
				   "GET /readyz says why, and the log does.");
	else if (state == LOOP_SLOW_DISK)
		say_disk(&html, second);
	else if (state == LOOP_DELAYED)
		say_delayed(&html, second);
	else if (state == LOOP_PAUSED)
		html_markup(&html, "All places for connections are taken, or the system has no "
				   "descriptor left. New ones wait in the queue of the socket.");
	else if (state == LOOP_SATURATED)
		say_saturated(&html, second);
	else if (state == LOOP_WORKING)
		say_working(&html, second);
	else
		html_markup(&html, "The loop waits in the poll phase, which takes no processor "
				   "time, until something happens.");
}
