/*
 * Progress of long operations: a line on a terminal, written over itself, or a callback for a
 * program. On a terminal nothing is shown in the first second, so that quick operations stay
 * silent.
 */
#include "base/progress.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/timestamp.h"

#define FIRST_MS 1000
#define EVERY_MS 200
#define TELL_MS  1000

int64_t progress_clock(void)
{
	return timestamp_of_clock(CLOCK_MONOTONIC);
}

void progress_begin(struct progress *progress, const char *what, uint64_t total)
{
	progress_begin_on(
		progress, isatty(STDERR_FILENO) ? stderr : NULL, progress_clock, what, total);
}

void progress_begin_on(struct progress *progress, FILE *out, int64_t (*clock)(void),
	const char *what, uint64_t total)
{
	*progress = (struct progress){.out = out,
		.what = what,
		.total = total,
		.clock = clock,
		.due = clock() + FIRST_MS};
}

void progress_begin_telling(
	struct progress *progress, progress_cb *tell, int64_t (*clock)(void), uint64_t total)
{
	*progress = (struct progress){.tell = tell, .total = total, .clock = clock, .due = clock()};
}

static void write_progress(struct progress *progress, uint64_t done)
{
	/* A file can grow while it is read. */
	uint64_t percent = done < progress->total ? done * 100 / progress->total : 100;

	progress->is_shown = true;
	fprintf(progress->out, "\r%s: %3" PRIu64 " %%", progress->what, percent);
	fflush(progress->out);
}

void progress_step(struct progress *progress, uint64_t done)
{
	if (progress->out == NULL && progress->tell == NULL)
		return;
	int64_t now = progress->clock();
	if (now < progress->due)
		return;
	progress->due = now + (progress->tell != NULL ? TELL_MS : EVERY_MS);
	if (progress->tell != NULL)
		progress->tell(done, progress->total);
	else
		write_progress(progress, done);
}

void progress_end(struct progress *progress)
{
	if (!progress->is_shown)
		return;
	fputs("\r\033[K", progress->out);
	fflush(progress->out);
	progress->is_shown = false;
}
