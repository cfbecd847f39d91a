#include "simulated_crash.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "heap.h"

static bool is_pending(
	const struct simulated_disk *disk, const struct simulated_list *list, size_t but)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t file = list->names[i].file;
		if (file != but && simulated_file_changes(simulated_disk_file(disk, file)) > 0)
			return true;
	}
	return false;
}

/* Within one state of the directory. */
static bool next_of_files(
	const struct simulated_disk *disk, const char *name, struct simulated_crash *crash)
{
	struct simulated_list list = simulated_names_cut(simulated_disk_names(disk), crash->names);
	size_t file = simulated_list_find(&list, name);
	bool has_more = !crash->has_others && is_pending(disk, &list, file);

	simulated_list_free(&list);
	crash->has_others = has_more;
	return has_more ||
	       (file != SIMULATED_NO_FILE &&
		       simulated_file_next_cut(simulated_disk_file(disk, file), &crash->cut));
}

bool simulated_crash_next(
	const struct simulated_disk *disk, const char *name, struct simulated_crash *crash)
{
	if (next_of_files(disk, name, crash))
		return true;
	if (crash->names == simulated_names_changes(simulated_disk_names(disk)))
		return false;
	*crash = (struct simulated_crash){.names = crash->names + 1, .cut = SIMULATED_CUT_FIRST};
	return true;
}

static struct simulated_file *file_after(
	const struct simulated_file *file, const struct simulated_cut *cut)
{
	struct buffer bytes = {0};

	simulated_file_cut(file, cut, &bytes);
	struct simulated_file *after = simulated_file_of(&bytes);
	buffer_free(&bytes);
	return after;
}

struct simulated_disk *simulated_crash_disk(const struct simulated_disk *disk, const char *name,
	const struct simulated_crash *crash, uint64_t seed)
{
	struct simulated_list list = simulated_names_cut(simulated_disk_names(disk), crash->names);
	struct simulated_names *names = simulated_names_open();
	struct simulated_file **files =
		heap_resized(NULL, list.count + 1, sizeof(struct simulated_file *));

	for (size_t i = 0; i < list.count; i++) {
		const struct simulated_file *file = simulated_disk_file(disk, list.names[i].file);
		struct simulated_cut cut = {.torn = -1};
		if (strcmp(list.names[i].name, name) == 0)
			cut = crash->cut;
		else if (crash->has_others)
			cut.whole = simulated_file_changes(file);
		files[i] = file_after(file, &cut);
		simulated_names_link(names, list.names[i].name, i);
	}
	simulated_names_sync(names);
	size_t count = list.count;
	simulated_list_free(&list);
	return simulated_disk_of(names, files, count, seed);
}

/* Names that are made of the time differ only behind a hyphen. */
static uint64_t digest_of(const struct simulated_disk *disk, const struct simulated_name *name)
{
	const struct simulated_file *file = simulated_disk_file(disk, name->file);
	const struct buffer *visible = simulated_file_visible(file);
	uint64_t parts[3] = {XXH3_64bits(name->name, strcspn(name->name, "-")),
		XXH3_64bits(visible->bytes, visible->length), 0};

	if (!simulated_file_is_settled(file)) {
		const struct buffer *durable = simulated_file_durable(file);
		parts[2] =
			XXH3_64bits(durable->bytes, durable->length) + simulated_file_changes(file);
	}
	return XXH3_64bits(parts, sizeof(parts));
}

uint64_t simulated_crash_digest(const struct simulated_disk *disk)
{
	const struct simulated_names *names = simulated_disk_names(disk);
	const struct simulated_list *visible = simulated_names_visible(names);
	uint64_t digest = simulated_names_changes(names);

	for (size_t i = 0; i < visible->count; i++)
		digest += digest_of(disk, &visible->names[i]);
	return digest;
}
