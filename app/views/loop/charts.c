/*
 * Each chart is a path of vertical strokes, the newest second at its right edge. Scales end at 1, 2
 * or 5 times a power of ten, so that they do not change with each value, and never below what is
 * usual: a single request is not to look like a storm.
 */
#include "views/loop/charts.h"

#include "views/loop/figures.h"
#include "views/loop/verdict.h"

#define MILLIONS      UINT64_C(1000000)
#define MILLISECOND   UINT64_C(1000000)
#define LONGEST_BOUND (10000 * MILLISECOND) /* of histogram_times */

/* Units of the picture. */
#define HEIGHT 40
#define STEP   2

enum unit { UNIT_COUNT, UNIT_SHARE, UNIT_TIME, UNIT_BOUND };

struct chart {
	const char *id;
	const char *title;
	enum unit unit;
	uint64_t (*value)(const struct second *second);
	uint64_t least; /* where the scale ends if values are small */
	uint64_t alarm; /* from here on bars have another colour; 0: never */
};

/* What is there is not nothing. */
static uint64_t millionths_at_work(const struct second *second)
{
	uint64_t work = second_work(second);

	return work > 0 ? (work * MILLIONS + second->length - 1) / second->length : 0;
}

static uint64_t requests_of(const struct second *second)
{
	return second->requests;
}

static uint64_t longest_turn_of(const struct second *second)
{
	return second->longest_turn;
}

static uint64_t stored_of(const struct second *second)
{
	return second->stored;
}

static uint64_t waiting_of(const struct second *second)
{
	return second->pending + second->under_way;
}

static uint64_t connections_of(const struct second *second)
{
	return second->open;
}

static uint64_t streams_of(const struct second *second)
{
	return second->streams;
}

static const struct chart charts[] = {
	{"chart-work", "The loop at work", UNIT_SHARE, millionths_at_work, MILLIONS,
		MILLIONS / 10 * 9},
	{"chart-turn", "Longest turn", UNIT_BOUND, longest_turn_of, 10 * MILLISECOND,
		101 * MILLISECOND},
	{"chart-requests", "Requests a second", UNIT_COUNT, requests_of, 10, 0},
	{"chart-connections", "Connections", UNIT_COUNT, connections_of, 10, 0},
	{"chart-disk", "A batch on its way", UNIT_TIME, second_disk_time, 10 * MILLISECOND,
		VERDICT_SLOW_DISK},
	{"chart-waiting", "Waiting to be stored", UNIT_COUNT, waiting_of, 10, 0},
	{"chart-stored", "Stored a second", UNIT_COUNT, stored_of, 10, 0},
	{"chart-streams", "Live streams", UNIT_COUNT, streams_of, 10, 0},
};

/* The least of 1, 2, 5, 10, 20... that is not below the value. */
static uint64_t end_of_scale(uint64_t value)
{
	uint64_t power = 1;

	while (power < UINT64_MAX / 100 && power * 10 <= value)
		power *= 10;
	if (value <= power)
		return power;
	if (value <= 2 * power)
		return 2 * power;
	return value <= 5 * power ? 5 * power : 10 * power;
}

static uint64_t highest_of(const struct chart *chart, const struct minute *minute)
{
	uint64_t highest = 0;

	for (size_t i = 0; i < minute_length(minute); i++) {
		uint64_t value = chart->value(minute_at(minute, i));
		highest = value > highest ? value : highest;
	}
	return highest;
}

static void write_time_value(struct html *html, enum unit unit, uint64_t value)
{
	if (unit == UNIT_BOUND && value > 0)
		html_markup(html, "≤ ");
	html_duration(html, value);
}

static void write_chart_value(struct html *html, enum unit unit, uint64_t value)
{
	if (unit == UNIT_SHARE)
		html_share(html, value, MILLIONS);
	else if (unit == UNIT_COUNT)
		html_count(html, value);
	else if (value == UINT64_MAX)
		html_markup(html, "over 10 s");
	else
		write_time_value(html, unit, value);
}

static void write_bar(struct html *html, size_t ago, uint64_t value, uint64_t end)
{
	uint64_t height = value >= end ? HEIGHT : value * HEIGHT / end;

	html_markup(html, "M");
	html_number(html, (MINUTE_SECONDS - 1 - ago) * STEP + 1);
	html_markup(html, " 40V");
	html_number(html, HEIGHT - (height > 0 ? height : 1));
}

/* Of those that alarm, or of the others. A value past all bounds ends at the edge. */
static void write_bars(struct html *html, const struct chart *chart, const struct minute *minute,
	uint64_t end, bool is_alarming)
{
	for (size_t i = 0; i < minute_length(minute); i++) {
		uint64_t value = chart->value(minute_at(minute, i));
		bool alarms = chart->alarm != 0 && value >= chart->alarm;
		if (value > 0 && alarms == is_alarming)
			write_bar(html, i, value, end);
	}
}

static void write_chart_label(
	struct html *html, const struct chart *chart, uint64_t now, uint64_t highest)
{
	html_string(html, chart->title);
	html_markup(html, ": ");
	write_chart_value(html, chart->unit, now);
	html_markup(html, " now, at most ");
	write_chart_value(html, chart->unit, highest);
	html_markup(html, " in the last minute");
}

static void write_picture(struct html *html, const struct chart *chart, const struct minute *minute,
	uint64_t now, uint64_t highest)
{
	uint64_t end = end_of_scale(highest > chart->least ? highest : chart->least);

	if (highest == UINT64_MAX)
		end = LONGEST_BOUND;
	html_markup(html, "<svg viewBox=\"0 0 120 40\" preserveAspectRatio=\"none\" role=\"img\" "
			  "aria-label=\"");
	write_chart_label(html, chart, now, highest);
	html_markup(html, "\"><path d=\"");
	write_bars(html, chart, minute, end, false);
	html_markup(html, "\"/><path class=\"alarm\" d=\"");
	write_bars(html, chart, minute, end, true);
	html_markup(html, "\"/></svg>\n<span class=\"scale\" aria-hidden=\"true\">");
	write_chart_value(html, chart->unit == UNIT_BOUND ? UNIT_TIME : chart->unit, end);
	html_markup(html, "</span>");
}

static void write_chart(struct html *html, const struct chart *chart, const struct minute *minute)
{
	uint64_t now = chart->value(minute_at(minute, 0)), highest = highest_of(chart, minute);

	html_markup(html, "<figure id=\"");
	html_string(html, chart->id);
	html_markup(html, "\" class=\"chart\"><figcaption>");
	html_string(html, chart->title);
	html_markup(html, " <strong>");
	write_chart_value(html, chart->unit, now);
	html_markup(html, "</strong></figcaption>\n");
	write_picture(html, chart, minute, now, highest);
	html_markup(html, "</figure>\n");
}

void charts_view(struct html *html, const struct minute *minute)
{
	for (size_t i = 0; i < sizeof(charts) / sizeof(charts[0]); i++)
		write_chart(html, &charts[i], minute);
}
