#include "support/disk/simulated_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct change {
	char *bytes;   /* NULL: it is cut or extended to `offset` */
	size_t length; /* of bytes */
	off_t offset;
};

struct simulated_file {
	struct buffer visible;
	struct buffer durable;
	struct change *changes;
	size_t count;
	size_t capacity;
};

static void resize(struct buffer *bytes, size_t length)
{
	static const char zeros[4096];

	while (bytes->length < length && !bytes->failed) {
		size_t missing = length - bytes->length;
		buffer_append(bytes, zeros, missing < sizeof(zeros) ? missing : sizeof(zeros));
	}
	if (bytes->failed)
		abort();
	bytes->length = length;
}

static void put(struct buffer *file, const char *bytes, size_t length, off_t offset)
{
	size_t end = (size_t)offset + length;

	if (length == 0)
		return;
	if (end > file->length)
		resize(file, end);
	memcpy(file->bytes + offset, bytes, length);
}

static void replace(struct buffer *bytes, const struct buffer *by)
{
	buffer_clear(bytes);
	buffer_append(bytes, by->bytes, by->length);
}

static void apply(const struct change *change, struct buffer *file)
{
	if (change->bytes != NULL)
		put(file, change->bytes, change->length, change->offset);
	else
		resize(file, (size_t)change->offset);
}

struct simulated_file *simulated_file_make(void)
{
	return memory_zeroed(sizeof(struct simulated_file));
}

struct simulated_file *simulated_file_of(const struct buffer *bytes)
{
	struct simulated_file *file = simulated_file_make();

	replace(&file->visible, bytes);
	replace(&file->durable, bytes);
	return file;
}

static void forget_changes(struct simulated_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		free(file->changes[i].bytes);
	file->count = 0;
}

void simulated_file_free(struct simulated_file *file)
{
	if (file == NULL)
		return;
	forget_changes(file);
	free(file->changes);
	buffer_free(&file->visible);
	buffer_free(&file->durable);
	free(file);
}

static void remember(struct simulated_file *file, const void *bytes, size_t length, off_t offset)
{
	struct change change = {.length = length, .offset = offset};

	if (bytes != NULL) {
		change.bytes = memory_zeroed(length);
		memcpy(change.bytes, bytes, length);
	}
	if (file->count == file->capacity) {
		file->capacity = file->capacity > 0 ? file->capacity * 2 : 4;
		file->changes =
			memory_resized(file->changes, file->capacity, sizeof(*file->changes));
	}
	file->changes[file->count++] = change;
}

struct simulated_file *simulated_file_copy(const struct simulated_file *file)
{
	struct simulated_file *copy = simulated_file_make();

	replace(&copy->visible, &file->visible);
	replace(&copy->durable, &file->durable);
	for (size_t i = 0; i < file->count; i++) {
		const struct change *change = &file->changes[i];
		remember(copy, change->bytes, change->length, change->offset);
	}
	return copy;
}

void simulated_file_write(
	struct simulated_file *file, const void *bytes, size_t length, off_t offset)
{
	put(&file->visible, bytes, length, offset);
	if (length > 0)
		remember(file, bytes, length, offset);
}

void simulated_file_truncate(struct simulated_file *file, off_t length)
{
	resize(&file->visible, (size_t)length);
	remember(file, NULL, 0, length);
}

void simulated_file_sync(struct simulated_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		apply(&file->changes[i], &file->durable);
	forget_changes(file);
}

const struct buffer *simulated_file_visible(const struct simulated_file *file)
{
	return &file->visible;
}

const struct buffer *simulated_file_durable(const struct simulated_file *file)
{
	return &file->durable;
}

size_t simulated_file_changes(const struct simulated_file *file)
{
	return file->count;
}

bool simulated_file_is_settled(const struct simulated_file *file)
{
	return file->count == 0 && file->visible.length == file->durable.length &&
	       (file->visible.length == 0 ||
		       memcmp(file->visible.bytes, file->durable.bytes, file->visible.length) == 0);
}

/* The first end of a sector after `offset`. */
static off_t sector_end(off_t offset)
{
	return (offset / SIMULATED_SECTOR + 1) * SIMULATED_SECTOR;
}

/* Of one write: its length without a byte of it, then at the end of each sector but the last the
 * shorter file, and the one with zeros. */
bool simulated_file_next_cut(const struct simulated_file *file, struct simulated_cut *cut)
{
	if (cut->whole == file->count)
		return false;
	const struct change *change = &file->changes[cut->whole];
	off_t end = change->offset + (off_t)change->length;
	if (change->bytes != NULL && cut->torn < 0) {
		cut->torn = change->offset;
		cut->is_zeroed = true;
		return true;
	}
	if (change->bytes != NULL && !cut->is_zeroed) {
		cut->is_zeroed = true;
		return true;
	}
	if (change->bytes != NULL && sector_end(cut->torn) < end) {
		cut->torn = sector_end(cut->torn);
		cut->is_zeroed = false;
		return true;
	}
	*cut = (struct simulated_cut){.whole = cut->whole + 1, .torn = -1};
	return true;
}

void simulated_file_cut(
	const struct simulated_file *file, const struct simulated_cut *cut, struct buffer *bytes)
{
	replace(bytes, &file->durable);
	for (size_t i = 0; i < cut->whole; i++)
		apply(&file->changes[i], bytes);
	if (cut->torn < 0)
		return;
	const struct change *change = &file->changes[cut->whole];
	size_t end = (size_t)change->offset + change->length;
	put(bytes, change->bytes, (size_t)(cut->torn - change->offset), change->offset);
	if (cut->is_zeroed && bytes->length < end)
		resize(bytes, end);
}

void simulated_file_lose(struct simulated_file *file, const struct simulated_cut *cut)
{
	struct buffer left = {0};

	simulated_file_cut(file, cut, &left);
	buffer_free(&file->durable);
	file->durable = left;
	forget_changes(file);
}
