#ifndef ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_FILE_H
#define ROLLCALL_TESTS_SUPPORT_DISK_SIMULATED_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buffer.h"

/*
 * A file of a simulated disk: what programs see of it, which is what the page cache has, what the
 * disk has, and the changes that are between the two, in order.
 */
struct simulated_file;

struct simulated_file *simulated_file_make(void);

/* One that the disk has all of. */
struct simulated_file *simulated_file_of(const struct buffer *bytes);
struct simulated_file *simulated_file_copy(const struct simulated_file *file);
void simulated_file_free(struct simulated_file *file);

void simulated_file_write(
	struct simulated_file *file, const void *bytes, size_t length, off_t offset);
void simulated_file_truncate(struct simulated_file *file, off_t length);

/* The disk gets the changes. */
void simulated_file_sync(struct simulated_file *file);

const struct buffer *simulated_file_visible(const struct simulated_file *file);
const struct buffer *simulated_file_durable(const struct simulated_file *file);
size_t simulated_file_changes(const struct simulated_file *file);

/* Whether the disk has what programs see, and no change is under way. */
bool simulated_file_is_settled(const struct simulated_file *file);

#define SIMULATED_SECTOR 512

/* How far the changes get if they are interrupted: some of them whole, and of the next one, if that
 * is a write, the sectors before `torn`. Of the rest of it the file has nothing, or if `is_zeroed`
 * the length: there are zeros where nothing was before. */
struct simulated_cut {
	size_t whole;
	off_t torn; /* -1: nothing of the next change */
	bool is_zeroed;
};

#define SIMULATED_CUT_FIRST ((struct simulated_cut){.torn = -1})

/* All the ways, beginning with SIMULATED_CUT_FIRST; false after the last, which is none. */
bool simulated_file_next_cut(const struct simulated_file *file, struct simulated_cut *cut);

/* Replaces what `bytes` holds by what the disk has then. */
void simulated_file_cut(
	const struct simulated_file *file, const struct simulated_cut *cut, struct buffer *bytes);

/* What a sync that fails leaves behind: programs see what they saw, the disk has what got through,
 * and no later sync writes the rest, for it counts as written. */
void simulated_file_lose(struct simulated_file *file, const struct simulated_cut *cut);

#endif
