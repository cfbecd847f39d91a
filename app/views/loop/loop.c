/*
 * The page of the loop. What stays is written once, into the page: what each phase is for, and what
 * of the program runs in it. What changes each second is in elements with an id, which www/watch.js
 * puts in the place of the older ones: so there is one program that writes them, and the page is
 * whole without a script.
 */
#include "views/loop/loop.h"

#include "base/meters/loop_span.h"
#include "views/layout.h"
#include "views/loop/cards.h"
#include "views/loop/charts.h"
#include "views/loop/figures.h"
#include "views/loop/ring.h"
#include "views/loop/verdict.h"

/* In plain words; `ours` is what of this program runs in it, `node` how a Node.js program gets
 * there. */
static const struct {
	const char *purpose, *ours, *node;
} phases[PHASES] = {
	[PHASE_TIMERS] = {"Runs the callbacks of timers that have expired.",
		"deadlines of connections, the heartbeat of live lists, the clock of this page",
		"setTimeout()"},
	[PHASE_PENDING] =
		{"Runs callbacks that the system put off in the last turn, and idle handles, "
		 "which run once in every turn.",
			"the next part of every long list, and of every live one",
			"errors of sockets that are reported late"},
	[PHASE_POLL] =
		{"Waits for events, and runs their callbacks. It is the only phase that may wait.",
			"new connections, requests with their routes, sockets that can take more, "
			"signals, jobs "
			"that the worker pool has finished",
			"most callbacks of your code"},
	[PHASE_CHECK] =
		{"Runs once after each poll, when all events that had arrived have had their "
		 "callbacks.",
			"all sign-ups of this turn leave for the disk or the database as one "
			"batch, and those that are stored get their responses",
			"setImmediate()"},
	[PHASE_CLOSE] = {"Runs the callbacks of handles that were closed.",
		"the memory of closed connections is freed, and their places go to those that wait",
		"the event “close”"},
};

static void write_verdict(struct html *html, const struct second *second)
{
	enum loop_state state = verdict_of(second);
	struct buffer words = {0};

	html_markup(html, "<section id=\"verdict\" class=\"verdict ");
	html_string(html, verdict_name(state));
	html_markup(html, "\" aria-labelledby=\"verdict-title\">\n<h2 "
			  "id=\"verdict-title\">");
	html_string(html, verdict_title(state, second));
	html_markup(html, "</h2>\n<p>");
	verdict_words(&words, state, second);
	html_text(html, words.bytes, words.length);
	html->out->failed |= words.failed;
	buffer_free(&words);
	html_markup(html, "</p>\n</section>\n");
}

static void write_figures(struct html *html, const struct second *second, size_t phase)
{
	html_markup(html, "<p id=\"");
	html_string(html, loop_phase_name((enum loop_phase)phase));
	html_markup(html, "-figures\" class=\"figures\"><strong>");
	html_share(html, second->busy[phase], second->length);
	html_markup(html, "</strong>, ");
	html_things(html, second->callbacks[phase], "callback", "callbacks");
	if (phase == PHASE_POLL) {
		html_markup(html, ", and ");
		html_share(html, second->idle, second->length);
		html_markup(html, " waiting");
	}
	html_markup(html, "</p>\n");
}

static void write_phase(struct html *html, const struct second *second, size_t phase)
{
	html_markup(html, "<li class=\"");
	html_string(html, loop_phase_name((enum loop_phase)phase));
	html_markup(html, "\">\n<h3>");
	html_string(html, loop_phase_name((enum loop_phase)phase));
	html_markup(html, "</h3>\n");
	write_figures(html, second, phase);
	html_markup(html, "<p>");
	html_string(html, phases[phase].purpose);
	html_markup(html, "</p>\n<p class=\"ours\"><span>Here:</span> ");
	html_string(html, phases[phase].ours);
	if (*phases[phase].node != '\0') {
		html_markup(html, ". <span>In Node.js:</span> ");
		html_string(html, phases[phase].node);
	}
	html_markup(html, ".</p>\n</li>\n");
}

static void write_turn(struct html *html, const struct second *second)
{
	html_markup(html, "<section class=\"turn\" aria-labelledby=\"turn\">\n"
			  "<h2 id=\"turn\">One turn</h2>\n<figure>\n");
	ring_view(html, second);
	html_markup(html,
		"<figcaption>Outside are the phases, in the order of a turn. The circle inside "
		"is the last second: what each phase took of it is in the colour of the phase, "
		"and what was spent waiting is pale.</figcaption>\n</figure>\n"
		"<ol class=\"phases\">\n");
	for (size_t i = 0; i < PHASES; i++)
		write_phase(html, second, i);
	html_markup(html, "</ol>\n</section>\n");
}

static void write_surroundings(struct html *html, const struct loop_view *view)
{
	html_markup(html, "<section aria-labelledby=\"around\">\n"
			  "<h2 id=\"around\">What the loop works with</h2>\n"
			  "<div class=\"cards\">\n");
	cards_view(html, view);
	html_markup(html, "</div>\n</section>\n"
			  "<section aria-labelledby=\"minute\">\n"
			  "<h2 id=\"minute\">The last minute</h2>\n"
			  "<div class=\"charts\">\n");
	charts_view(html, view->minute);
	html_markup(html, "</div>\n</section>\n");
}

static void write_lesson(struct html *html)
{
	html_markup(html,
		"<h1>The event loop</h1>\n"
		"<p class=\"lead\">One thread does everything here, as in Node.js: it turns in a "
		"loop, "
		"and in each turn runs the callbacks that are due. None of them may block it, so "
		"what "
		"takes time is a job for the worker pool. This is what it did in the last "
		"second.</p>\n"
		"<noscript><p class=\"note\">Without JavaScript, the page stays as it was when it "
		"was "
		"loaded. Load it again for another second.</p></noscript>\n");
}

void loop_view(struct buffer *out, const struct loop_view *view)
{
	struct html html = {.out = out};
	const struct second *second = minute_at(view->minute, 0);

	layout_begin(&html, view->sheet, "The event loop", LAYOUT_LOOP);
	write_lesson(&html);
	write_verdict(&html, second);
	write_turn(&html, second);
	write_surroundings(&html, view);
	html_markup(&html,
		"<p class=\"note\">For programs, the same is in JSON at this address, for "
		"clients that ask for it (<code>Accept: application/json</code>), and for "
		"Prometheus at ");
	html_link(&html, "/metrics", "/metrics");
	html_markup(&html, ".</p>\n");
	layout_end(&html, view->sheet);
}

void loop_parts_view(struct buffer *out, const struct loop_view *view)
{
	struct html html = {.out = out, .base = view->sheet->base_path};
	const struct second *second = minute_at(view->minute, 0);

	write_verdict(&html, second);
	ring_view(&html, second);
	for (size_t i = 0; i < PHASES; i++)
		write_figures(&html, second, i);
	cards_view(&html, view);
	charts_view(&html, view->minute);
}
