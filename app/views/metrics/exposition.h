#ifndef ROLLCALL_VIEWS_METRICS_EXPOSITION_H
#define ROLLCALL_VIEWS_METRICS_EXPOSITION_H

#include <stdint.h>

#include "base/buffer.h"
#include "base/meters/histogram.h"

/*
 * Writes metrics for Prometheus, in either of the two formats that it reads: its own text format
 * 0.0.4, and OpenMetrics 1.0. They differ in a few lines; names, labels and numbers of samples are
 * the same. A family is begun, and all its samples follow.
 */
enum exposition_format { EXPOSITION_TEXT, EXPOSITION_OPENMETRICS };

enum exposition_kind {
	EXPOSITION_COUNTER, /* only grows; its samples are called NAME_total */
	EXPOSITION_GAUGE,
	EXPOSITION_HISTOGRAM,
	EXPOSITION_INFO, /* what it has to say is in its labels; NAME_info is 1 */
};

/* The unit of a family, with which its name ends. Samples in seconds are given in nanoseconds. */
enum exposition_unit {
	EXPOSITION_PLAIN,
	EXPOSITION_SECONDS,
	EXPOSITION_BYTES,
	EXPOSITION_RATIO, /* given in millionths; names don't end with it */
};

struct exposition_family {
	enum exposition_kind kind;
	enum exposition_unit unit;
	const char *name; /* without _total and _info */
	const char *help;
};

struct exposition {
	struct buffer *out;
	enum exposition_format format;
	struct exposition_family family; /* for exposition.c, as is the next */
	bool has_begun;
};

/* The values may have any bytes. */
struct exposition_label {
	const char *name; /* NULL ends a list of them */
	const char *value;
};

#define EXPOSITION_LABELS(...) ((const struct exposition_label[]){__VA_ARGS__, {NULL, NULL}})

/* Its lines are written before the first sample; none, if there is no sample. */
void exposition_family(struct exposition *exposition, const struct exposition_family *family);

/* A sample of the family; `labels` NULL: it has none. */
void exposition_sample(
	struct exposition *exposition, const struct exposition_label *labels, uint64_t value);

/* The samples of one histogram; its bounds are in the unit of the family, as its values are. */
void exposition_histogram(struct exposition *exposition, const struct exposition_label *labels,
	const struct histogram *histogram, histogram_bounds bounds);

/* After the last family. */
void exposition_end(struct exposition *exposition);

#endif
