/*
 * The ring has two parts, since most seconds are spent waiting: if a phase were as large as its
 * share of time, a healthy loop would be one pale circle. Outside, the phases are arrows of one
 * size, which show their order. Inside, the second is a circle of its own, in which they take up
 * what they took.
 *
 * A Content-Security-Policy forbids style attributes: lengths are attributes of SVG, in thousandths
 * of the circle (pathLength), and colours are classes of www/loop.css.
 */
#include "views/loop/ring.h"

#include "base/meters/loop_span.h"
#include "views/loop/figures.h"

/* Arrows between circles of 126 and 206 around (220, 220), a fifth each, and the middle of each. */
static const struct {
	const char *path;
	unsigned x, y;
} arrows[PHASES] = {
	{"M103.6 50A206 206 0 0 1 336.4 50L329.8 95.5L291.2 116A126 126 0 0 0 148.8 116L143.6 "
	 "72.6z",
		230, 52},
	{"M345.7 56.8A206 206 0 0 1 417.6 278.2L372.3 285.9L340.9 255.6A126 126 0 0 0 296.9 "
	 "120.2L336.6 101.8z",
		380, 180},
	{"M414.1 289.1A206 206 0 0 1 225.8 425.9L204.4 385.3L223.5 346A126 126 0 0 0 338.7 "
	 "262.3L368.4 294.3z",
		308, 358},
	{"M214.2 425.9A206 206 0 0 1 25.9 289.1L58 256.2L101.3 262.3A126 126 0 0 0 216.5 "
	 "346L195.2 384.1z",
		117, 348},
	{"M22.4 278.2A206 206 0 0 1 94.3 56.8L135.5 77.1L143.1 120.2A126 126 0 0 0 99.1 "
	 "255.6L56.2 247.1z",
		64, 166},
};

static void write_line(struct html *html, const char *class, unsigned x, unsigned y)
{
	html_markup(html, "<text class=\"");
	html_string(html, class);
	html_markup(html, "\" x=\"");
	html_number(html, x);
	html_markup(html, "\" y=\"");
	html_number(html, y);
	html_markup(html, "\">");
}

static void write_arrow(struct html *html, const struct second *second, size_t phase)
{
	unsigned x = arrows[phase].x, y = arrows[phase].y;

	html_markup(html, "<g class=\"phase ");
	html_string(html, loop_phase_name((enum loop_phase)phase));
	if (second->callbacks[phase] > 0)
		html_markup(html, " active");
	html_markup(html, "\"><path d=\"");
	html_string(html, arrows[phase].path);
	html_markup(html, "\"/>");
	write_line(html, "name", x, y - 11);
	html_string(html, loop_phase_name((enum loop_phase)phase));
	html_markup(html, "</text>");
	write_line(html, "figure", x, y + 8);
	html_share(html, second->busy[phase], second->length);
	html_markup(html, "</text>");
	write_line(html, "note", x, y + 24);
	html_things(html, second->callbacks[phase], "call", "calls");
	html_markup(html, "</text></g>\n");
}

/* In thousandths of the second. What is there is seen, however little it is. */
static uint64_t part_of_circle(const struct second *second, size_t phase)
{
	if (second->length == 0 || second->busy[phase] == 0)
		return 0;
	uint64_t part = second->busy[phase] * 1000 / second->length;
	return part > 0 ? part : 1;
}

static void write_arc(struct html *html, size_t phase, uint64_t from, uint64_t length)
{
	html_markup(html, "<circle class=\"part ");
	html_string(html, loop_phase_name((enum loop_phase)phase));
	html_markup(html, "\" cx=\"220\" cy=\"220\" r=\"101\" pathLength=\"1000\" "
			  "transform=\"rotate(-90 220 220)\" stroke-dasharray=\"");
	html_number(html, length);
	html_markup(html, " 1000\" stroke-dashoffset=\"-");
	html_number(html, from);
	html_markup(html, "\"/>\n");
}

static void write_second(struct html *html, const struct second *second)
{
	uint64_t from = 0;

	html_markup(html, "<circle class=\"waiting\" cx=\"220\" cy=\"220\" r=\"101\"/>\n");
	for (size_t i = 0; i < PHASES; i++) {
		uint64_t length = part_of_circle(second, i);
		write_arc(html, i, from, length);
		from += length;
	}
}

/* Where the loop is: it waits in the poll phase, and goes round while there is something to do. It
 * is CSS that moves it. */
static void write_runner(struct html *html)
{
	html_markup(html, "<circle class=\"runner\" cx=\"220\" cy=\"101\" r=\"5\"/>\n");
}

static void write_middle(struct html *html, const struct second *second)
{
	write_line(html, "busy", 220, 222);
	html_share(html, second_work(second), second->length);
	html_markup(html, "</text>");
	write_line(html, "figure", 220, 246);
	html_markup(html, "at work</text>");
	write_line(html, "note", 220, 268);
	html_things(html, second->turns, "turn", "turns");
	html_markup(html, "</text>\n");
}

/* What a screen reader is told; the list of phases beside it has the rest. */
static void write_ring_label(struct html *html, const struct second *second)
{
	html_markup(html, "The five phases of the loop as a ring: timers, pending, poll, check, "
			  "close. In the last second the loop turned ");
	html_things(html, second->turns, "time", "times");
	html_markup(html, " and worked for ");
	html_share(html, second_work(second), second->length);
	html_markup(html, " of the time.");
}

void ring_view(struct html *html, const struct second *second)
{
	html_markup(html, "<svg id=\"ring\" class=\"ring");
	html_string(html, second->requests > 0 || second->stored > 0 ? " running" : "");
	html_markup(html, "\" viewBox=\"0 0 440 440\" role=\"img\" "
			  "aria-label=\"");
	write_ring_label(html, second);
	html_markup(html, "\">\n");
	for (size_t i = 0; i < PHASES; i++)
		write_arrow(html, second, i);
	write_second(html, second);
	write_runner(html);
	write_middle(html, second);
	html_markup(html, "</svg>\n");
}
