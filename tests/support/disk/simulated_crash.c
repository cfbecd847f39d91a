#include "support/disk/simulated_crash.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

static bool is_pending(
	const struct simulated_disk *disk, const struct simulated_list *list, size_t but)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t file = list->names[i].file;
		if (file != but && file != SIMULATED_LINK &&
			simulated_file_changes(simulated_disk_file(disk, file)) > 0)
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

/* `cut`: NULL for other files than that of interest. */
static struct simulated_file *file_after(const struct simulated_disk *disk, size_t number,
	const struct simulated_cut *cut, bool has_others)
{
	const struct simulated_file *file = simulated_disk_file(disk, number);
	struct simulated_cut all_or_nothing = {
		.torn = -1, .whole = has_others ? simulated_file_changes(file) : 0};
	struct buffer bytes = {0};

	simulated_file_cut(file, cut != NULL ? cut : &all_or_nothing, &bytes);
	struct simulated_file *after = simulated_file_of(&bytes);
	buffer_free(&bytes);
	return after;
}

struct simulated_disk *simulated_crash_disk(const struct simulated_disk *disk, const char *name,
	const struct simulated_crash *crash, uint64_t seed)
{
	struct simulated_list list = simulated_names_cut(simulated_disk_names(disk), crash->names);
	size_t named = simulated_list_find(&list, name);
	struct simulated_names *names = simulated_names_open();
	struct simulated_file **files =
		memory_resized(NULL, list.count + 1, sizeof(struct simulated_file *));

	for (size_t i = 0; i < list.count; i++) {
		size_t number = list.names[i].file;
		bool is_link = number == SIMULATED_LINK;
		files[i] = is_link ? NULL
				   : file_after(disk, number, number == named ? &crash->cut : NULL,
					     crash->has_others);
		simulated_names_link(names, list.names[i].name, is_link ? SIMULATED_LINK : i);
		simulated_names_sync(names, list.names[i].name);
	}
	size_t count = list.count;
	simulated_list_free(&list);
	struct simulated_disk *left = simulated_disk_of(names, files, count, seed);
	simulated_disk_restart(left, simulated_disk_boot(disk) + 1);
	return left;
}

/* Names that are made of the time differ only behind a hyphen. */
static uint64_t digest_of(const struct simulated_disk *disk, const struct simulated_name *name)
{
	if (name->file == SIMULATED_LINK)
		return XXH3_64bits(name->name, strlen(name->name));
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
