/*
 * The lines of both formats. Numbers are whole ones in memory (nanoseconds, millionths), and their
 * decimals are written digit by digit: so none is rounded, and no floating point is needed.
 *
 * Bounds of buckets are written as OpenMetrics wants them, whole ones with ".0", in both formats:
 * they are labels, which name a series, and a server that changes the format goes on with the same
 * series.
 */
#include "views/metrics/exposition.h"

#include <string.h>

#include "base/decimal.h"

#define SECOND   UINT64_C(1000000000)
#define MILLIONS UINT64_C(1000000)

static const char *const kinds[] = {[EXPOSITION_COUNTER] = "counter",
	[EXPOSITION_GAUGE] = "gauge",
	[EXPOSITION_HISTOGRAM] = "histogram",
	[EXPOSITION_INFO] = "info"};

static const char *const suffixes[] = {[EXPOSITION_COUNTER] = "_total",
	[EXPOSITION_GAUGE] = "",
	[EXPOSITION_HISTOGRAM] = "",
	[EXPOSITION_INFO] = "_info"};

void exposition_family(struct exposition *exposition, const struct exposition_family *family)
{
	exposition->family = *family;
	exposition->has_begun = false;
}

static void write_comment(
	struct exposition *exposition, const char *word, const char *suffix, const char *text)
{
	struct buffer *out = exposition->out;

	buffer_string(out, word);
	buffer_string(out, exposition->family.name);
	buffer_string(out, suffix);
	buffer_string(out, " ");
	buffer_string(out, text);
	buffer_string(out, "\n");
}

/* OpenMetrics names a family without the suffix of its samples. It knows units, and info. */
static void begin_family(struct exposition *exposition)
{
	const struct exposition_family *family = &exposition->family;
	bool is_text = exposition->format == EXPOSITION_TEXT;
	const char *suffix = is_text ? suffixes[family->kind] : "";
	bool is_info = family->kind == EXPOSITION_INFO;

	if (exposition->has_begun)
		return;
	exposition->has_begun = true;
	write_comment(exposition, "# HELP ", suffix, family->help);
	write_comment(exposition, "# TYPE ", suffix,
		is_text && is_info ? kinds[EXPOSITION_GAUGE] : kinds[family->kind]);
	if (!is_text && family->unit == EXPOSITION_SECONDS)
		write_comment(exposition, "# UNIT ", "", "seconds");
	else if (!is_text && family->unit == EXPOSITION_BYTES)
		write_comment(exposition, "# UNIT ", "", "bytes");
}

static void write_name(struct exposition *exposition, const char *suffix)
{
	buffer_string(exposition->out, exposition->family.name);
	buffer_string(exposition->out, suffix);
}

static void write_label_value(struct buffer *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\n') {
			buffer_string(out, "\\n");
			continue;
		}
		if (*value == '"' || *value == '\\')
			buffer_string(out, "\\");
		buffer_append(out, value, 1);
	}
}

static void write_label(
	struct buffer *out, const char *before, const struct exposition_label *label)
{
	buffer_string(out, before);
	buffer_string(out, label->name);
	buffer_string(out, "=\"");
	write_label_value(out, label->value);
	buffer_string(out, "\"");
}

/* Returns what a further label would begin with. */
static const char *write_labels(struct buffer *out, const struct exposition_label *labels)
{
	const char *before = "{";

	for (; labels != NULL && labels->name != NULL; labels++) {
		write_label(out, before, labels);
		before = ",";
	}
	return before;
}

static void end_labels(struct buffer *out, const char *before)
{
	buffer_string(out, *before == ',' ? "} " : " ");
}

/* The decimals of what is less than `one`, without zeros at the end; nothing for 0. */
static void write_decimals(struct buffer *out, uint64_t rest, uint64_t one)
{
	if (rest > 0)
		buffer_string(out, ".");
	for (; rest > 0; rest %= one) {
		one /= 10;
		buffer_number(out, rest / one);
	}
}

static void write_scaled(struct buffer *out, enum exposition_unit unit, uint64_t value)
{
	uint64_t one = unit == EXPOSITION_SECONDS ? SECOND
		       : unit == EXPOSITION_RATIO ? MILLIONS
						  : 1;

	buffer_number(out, value / one);
	write_decimals(out, value % one, one);
}

static void end_sample(struct exposition *exposition, enum exposition_unit unit, uint64_t value)
{
	write_scaled(exposition->out, unit, value);
	buffer_string(exposition->out, "\n");
}

static void write_sample(struct exposition *exposition, const char *suffix,
	const struct exposition_label *labels, enum exposition_unit unit, uint64_t value)
{
	write_name(exposition, suffix);
	end_labels(exposition->out, write_labels(exposition->out, labels));
	end_sample(exposition, unit, value);
}

void exposition_sample(
	struct exposition *exposition, const struct exposition_label *labels, uint64_t value)
{
	const struct exposition_family *family = &exposition->family;

	begin_family(exposition);
	write_sample(exposition, suffixes[family->kind], labels, family->unit, value);
}

/* As OpenMetrics has it, so that a bound is written in one way only. */
static void write_bound(struct buffer *out, enum exposition_unit unit, const uint64_t *bound)
{
	size_t before = out->length;

	if (bound == NULL) {
		buffer_string(out, "+Inf");
		return;
	}
	write_scaled(out, unit, *bound);
	if (!out->failed && memchr(out->bytes + before, '.', out->length - before) == NULL)
		buffer_string(out, ".0");
}

static void write_bucket(struct exposition *exposition, const struct exposition_label *labels,
	const uint64_t *bound, uint64_t count)
{
	struct buffer *out = exposition->out;

	write_name(exposition, "_bucket");
	buffer_string(out, write_labels(out, labels));
	buffer_string(out, "le=\"");
	write_bound(out, exposition->family.unit, bound);
	buffer_string(out, "\"} ");
	end_sample(exposition, EXPOSITION_PLAIN, count);
}

void exposition_histogram(struct exposition *exposition, const struct exposition_label *labels,
	const struct histogram *histogram, histogram_bounds bounds)
{
	uint64_t count = 0;

	begin_family(exposition);
	for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++) {
		count += histogram->counts[i];
		write_bucket(exposition, labels, i < HISTOGRAM_BOUNDS ? &bounds[i] : NULL, count);
	}
	write_sample(exposition, "_sum", labels, exposition->family.unit, histogram->sum);
	write_sample(exposition, "_count", labels, EXPOSITION_PLAIN, count);
}

void exposition_end(struct exposition *exposition)
{
	if (exposition->format == EXPOSITION_OPENMETRICS)
		buffer_string(exposition->out, "# EOF\n");
}
