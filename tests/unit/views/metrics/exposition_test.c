/* Each line of both formats, byte for byte. Whether all that is written is valid, promtool and
 * Prometheus itself say (tests/monitoring/). */
#include "views/metrics/exposition.h"

#include "support/test.h"

static struct buffer written;

static struct exposition begin_exposition(enum exposition_format format)
{
	written = (struct buffer){0};
	return (struct exposition){.out = &written, .format = format};
}

static void expect_written(struct exposition *exposition, const char *text)
{
	exposition_end(exposition);
	buffer_append(exposition->out, "", 1);
	assert_false(exposition->out->failed);
	assert_string_equal(exposition->out->bytes, text);
	buffer_free(exposition->out);
}

static const struct exposition_family requests = {
	EXPOSITION_COUNTER, EXPOSITION_PLAIN, "requests", "All of them."};
static const struct exposition_family waited = {
	EXPOSITION_COUNTER, EXPOSITION_SECONDS, "waited_seconds", "Time."};
static const struct exposition_family held = {
	EXPOSITION_GAUGE, EXPOSITION_BYTES, "held_bytes", "Memory."};
static const struct exposition_family build = {
	EXPOSITION_INFO, EXPOSITION_PLAIN, "build", "What runs."};

static void write_four(struct exposition *exposition)
{
	exposition_family(exposition, &requests);
	exposition_sample(exposition, EXPOSITION_LABELS({"route", "/"}, {"method", "GET"}), 3);
	exposition_sample(exposition, EXPOSITION_LABELS({"route", "/users"}), UINT64_MAX);
	exposition_family(exposition, &waited);
	exposition_sample(exposition, NULL, 1500000000);
	exposition_family(exposition, &held);
	exposition_sample(exposition, NULL, 4096);
	exposition_family(exposition, &build);
	exposition_sample(exposition, EXPOSITION_LABELS({"version", "1"}), 1);
}

TEST(text)
{
	struct exposition exposition = begin_exposition(EXPOSITION_TEXT);

	write_four(&exposition);
	expect_written(&exposition, "# HELP requests_total All of them.\n"
				    "# TYPE requests_total counter\n"
				    "requests_total{route=\"/\",method=\"GET\"} 3\n"
				    "requests_total{route=\"/users\"} 18446744073709551615\n"
				    "# HELP waited_seconds_total Time.\n"
				    "# TYPE waited_seconds_total counter\n"
				    "waited_seconds_total 1.5\n"
				    "# HELP held_bytes Memory.\n"
				    "# TYPE held_bytes gauge\n"
				    "held_bytes 4096\n"
				    "# HELP build_info What runs.\n"
				    "# TYPE build_info gauge\n"
				    "build_info{version=\"1\"} 1\n");
}

TEST(openmetrics)
{
	struct exposition exposition = begin_exposition(EXPOSITION_OPENMETRICS);

	write_four(&exposition);
	expect_written(&exposition, "# HELP requests All of them.\n"
				    "# TYPE requests counter\n"
				    "requests_total{route=\"/\",method=\"GET\"} 3\n"
				    "requests_total{route=\"/users\"} 18446744073709551615\n"
				    "# HELP waited_seconds Time.\n"
				    "# TYPE waited_seconds counter\n"
				    "# UNIT waited_seconds seconds\n"
				    "waited_seconds_total 1.5\n"
				    "# HELP held_bytes Memory.\n"
				    "# TYPE held_bytes gauge\n"
				    "# UNIT held_bytes bytes\n"
				    "held_bytes 4096\n"
				    "# HELP build What runs.\n"
				    "# TYPE build info\n"
				    "build_info{version=\"1\"} 1\n"
				    "# EOF\n");
}

/* No decimal is lost, and none is written that says nothing. */
TEST(numbers)
{
	static const struct exposition_family share = {
		EXPOSITION_GAUGE, EXPOSITION_RATIO, "share", "Of all."};
	struct exposition exposition = begin_exposition(EXPOSITION_TEXT);

	exposition_family(&exposition, &waited);
	exposition_sample(&exposition, NULL, 0);
	exposition_sample(&exposition, NULL, 1);
	exposition_sample(&exposition, NULL, 1000000000);
	exposition_sample(&exposition, NULL, 10000000100);
	exposition_family(&exposition, &share);
	exposition_sample(&exposition, NULL, 0);
	exposition_sample(&exposition, NULL, 1000000);
	exposition_sample(&exposition, NULL, 50000);
	expect_written(&exposition, "# HELP waited_seconds_total Time.\n"
				    "# TYPE waited_seconds_total counter\n"
				    "waited_seconds_total 0\n"
				    "waited_seconds_total 0.000000001\n"
				    "waited_seconds_total 1\n"
				    "waited_seconds_total 10.0000001\n"
				    "# HELP share Of all.\n"
				    "# TYPE share gauge\n"
				    "share 0\n"
				    "share 1\n"
				    "share 0.05\n");
}

TEST(values_of_labels_are_escaped)
{
	struct exposition exposition = begin_exposition(EXPOSITION_TEXT);

	exposition_family(&exposition, &requests);
	exposition_sample(&exposition, EXPOSITION_LABELS({"a", "x\"y\\z\n}"}), 1);
	expect_written(&exposition, "# HELP requests_total All of them.\n"
				    "# TYPE requests_total counter\n"
				    "requests_total{a=\"x\\\"y\\\\z\\n}\"} 1\n");
}

/* Buckets add up, and the last one has all. */
TEST(histograms)
{
	static const struct exposition_family times = {
		EXPOSITION_HISTOGRAM, EXPOSITION_SECONDS, "turn_seconds", "Of a turn."};
	struct histogram histogram = {0};
	struct exposition exposition = begin_exposition(EXPOSITION_TEXT);

	histogram_add(&histogram, histogram_times, 50000);
	histogram_add(&histogram, histogram_times, 1000000000);
	histogram_add(&histogram, histogram_times, UINT64_C(20000000000));
	exposition_family(&exposition, &times);
	exposition_histogram(
		&exposition, EXPOSITION_LABELS({"route", "/"}), &histogram, histogram_times);
	expect_written(&exposition, "# HELP turn_seconds Of a turn.\n"
				    "# TYPE turn_seconds histogram\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.00005\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.0001\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.00025\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.0005\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.001\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.0025\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.005\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.01\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.025\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.05\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.1\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.25\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"0.5\"} 1\n"
				    "turn_seconds_bucket{route=\"/\",le=\"1.0\"} 2\n"
				    "turn_seconds_bucket{route=\"/\",le=\"2.5\"} 2\n"
				    "turn_seconds_bucket{route=\"/\",le=\"10.0\"} 2\n"
				    "turn_seconds_bucket{route=\"/\",le=\"+Inf\"} 3\n"
				    "turn_seconds_sum{route=\"/\"} 21.00005\n"
				    "turn_seconds_count{route=\"/\"} 3\n");
}

TEST(a_family_without_samples_is_not_there)
{
	struct exposition exposition = begin_exposition(EXPOSITION_TEXT);

	exposition_family(&exposition, &requests);
	exposition_family(&exposition, &held);
	exposition_sample(&exposition, NULL, 1);
	expect_written(
		&exposition, "# HELP held_bytes Memory.\n# TYPE held_bytes gauge\nheld_bytes 1\n");
}
