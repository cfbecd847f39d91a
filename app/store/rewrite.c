#include "store/rewrite.h"

#include "store/directory.h"
#include "store/header.h"
#include "store/record.h"

static struct record record_of(const struct user *user)
{
	return (struct record){.operation = OPERATION_CREATED,
		.number = user->number,
		.time = user->created,
		.name = user->name,
		.name_length = user->name_length};
}

static off_t size_of_users(const struct directory *directory)
{
	off_t size = 0;

	for (size_t i = 0; i < directory_count(directory); i++) {
		struct user user = directory_at(directory, i);
		struct record record = record_of(&user);
		size += (off_t)record_size(&record);
	}
	return size;
}

/* journal_fill */
static void fill_compact(void *argument, struct replacement *replacement, int file, off_t length)
{
	const struct replay *replay = argument;
	const struct directory *directory = replay->directory;
	struct buffer line = {0};

	(void)file, (void)length;
	header_append(&line, replay->next_number - 1);
	replacement_reserve(replacement, (off_t)line.length + size_of_users(directory));
	replacement_write(replacement, &line);
	for (size_t i = 0; i < directory_count(directory) && !line.failed; i++) {
		struct user user = directory_at(directory, i);
		struct record record = record_of(&user);
		buffer_clear(&line);
		record_append(&line, &record);
		replacement_write(replacement, &line);
	}
	buffer_free(&line);
}

enum status rewrite_compact(
	struct journal *journal, const struct replay *replay, const char **reason)
{
	return journal_replace(journal, fill_compact, (void *)replay, reason);
}

/* journal_fill */
static void fill_extended(void *argument, struct replacement *replacement, int file, off_t length)
{
	const struct buffer *lines = argument;

	replacement_reserve(replacement, length + (off_t)lines->length);
	replacement_copy(replacement, file, 0, length);
	replacement_write(replacement, lines);
}

enum status rewrite_extend(struct journal *journal, const struct buffer *lines, const char **reason)
{
	return journal_replace(journal, fill_extended, (void *)lines, reason);
}
