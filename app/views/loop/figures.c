/* Small numbers keep a decimal, large ones do not: what changes each second has to be read at a
 * glance. */
#include "views/loop/figures.h"

#include "base/meters/share.h"

#define MICROSECOND UINT64_C(1000)
#define MILLISECOND (1000 * MICROSECOND)
#define SECOND      (1000 * MILLISECOND)

/* Rounded to tenths below 10, else to whole ones. */
static void write_rounded(struct buffer *out, uint64_t number, uint64_t unit)
{
	uint64_t tenths = (number * 10 + unit / 2) / unit;

	if (tenths < 100 && tenths % 10 != 0) {
		buffer_number(out, tenths / 10);
		buffer_string(out, ".");
		buffer_number(out, tenths % 10);
	} else {
		buffer_number(out, (number + unit / 2) / unit);
	}
}

void buffer_duration(struct buffer *out, uint64_t nanoseconds)
{
	if (nanoseconds == 0) {
		buffer_string(out, "0");
	} else if (nanoseconds < MILLISECOND) {
		buffer_number(out, (nanoseconds + MICROSECOND - 1) / MICROSECOND);
		buffer_string(out, "\u00a0µs");
	} else if (nanoseconds < SECOND) {
		write_rounded(out, nanoseconds, MILLISECOND);
		buffer_string(out, "\u00a0ms");
	} else {
		write_rounded(out, nanoseconds, SECOND);
		buffer_string(out, "\u00a0s");
	}
}

void buffer_share(struct buffer *out, uint64_t part, uint64_t whole)
{
	char words[SHARE_WORDS_SIZE];

	share_words(part, whole, words);
	buffer_string(out, words);
}

void html_things(struct html *html, uint64_t count, const char *one, const char *more)
{
	html_count(html, count);
	html_markup(html, " ");
	html_string(html, count == 1 ? one : more);
}

/* No byte of these needs an entity but that of "<0.1%". */
void html_duration(struct html *html, uint64_t nanoseconds)
{
	buffer_duration(html->out, nanoseconds);
}

void html_share(struct html *html, uint64_t part, uint64_t whole)
{
	struct buffer share = {0};

	buffer_share(&share, part, whole);
	html_text(html, share.bytes, share.length);
	html->out->failed |= share.failed;
	buffer_free(&share);
}

uint64_t mean_of(uint64_t sum, uint64_t count)
{
	return count > 0 ? sum / count : 0;
}

uint64_t second_work(const struct second *second)
{
	bool is_known = second->turns > 0 && second->idle < second->length;

	return is_known ? second->length - second->idle : 0;
}

uint64_t second_disk_time(const struct second *second)
{
	uint64_t mean = mean_of(
		second->write_time + second->sync_time + second->trip_time, second->batches);

	return mean > second->stuck ? mean : second->stuck;
}

const char *second_place(const struct second *second)
{
	return second->is_database ? "database" : "disk";
}
