/*
 * The disk starves while something waits for it and it has nothing to do: that is the loop's time,
 * between the end of a job on its thread and the next batch, or between the first create of a batch
 * and the check phase. A batch that waits for the one before does not starve.
 */
#include "store/flat_file/batch_watch.h"

#include "base/meters/loop_span.h"

void batch_watch_want(struct batch_watch *watch)
{
	if (watch->wanted == 0)
		watch->wanted = loop_span_began();
}

void batch_watch_unwant(struct batch_watch *watch)
{
	watch->wanted = 0;
}

void batch_watch_begin(struct batch_watch *watch, size_t size, uint64_t now)
{
	uint64_t since = watch->wanted > watch->ended ? watch->wanted : watch->ended;

	meters.disk.under_way = size;
	histogram_add(&meters.disk.batch, histogram_sizes, size);
	if (watch->wanted != 0 && now > since)
		meters.disk.starved += now - since;
	watch->wanted = 0;
}

static void measure(const struct journal *journal)
{
	const struct journal_times times = journal_times(journal);

	if (times.sync == 0)
		return;
	histogram_add(&meters.disk.write, histogram_times, times.write);
	histogram_add(&meters.disk.sync, histogram_times, times.sync);
}

void batch_watch_end(
	struct batch_watch *watch, enum result outcome, const struct journal *journal, uint64_t now)
{
	struct disk_meters *disk = &meters.disk;

	watch->ended = now;
	disk->bytes = journal_size(journal);
	if (disk->under_way == 0)
		return;
	disk->under_way = 0;
	if (outcome == RESULT_OK) {
		disk->batches++;
		measure(journal);
	} else {
		disk->failed++;
	}
}
