/*
 * The ways to write the flat file anew: only the users and settings it has now (compact);
 * everything it holds and more (import), with a header of the next version before that if the
 * version of the file does not have these records. All go through journal_replace(), so a crash
 * leaves the old file or the new one.
 */
#include "store/flat_file/rewrite.h"

#include "base/timestamp.h"
#include "store/flat_file/header.h"
#include "store/flat_file/record.h"
#include "store/flat_file/setting_text.h"
#include "store/index/user_index.h"

static off_t size_of_users(const struct user_index *users)
{
	off_t size = 0;

	for (size_t i = 0; i < user_index_count(users); i++) {
		struct user user = user_index_at(users, i);
		struct record record = record_of_user(&user);
		size += (off_t)record_size(&record);
	}
	return size;
}

/* The settings have the time of the rewriting. */
static void append_head(struct buffer *lines, const struct replay *replay)
{
	const struct sheet_settings *settings = &replay->sheet->settings;
	unsigned version =
		settings->set != 0 ? record_version(OPERATION_SET) : HEADER_VERSION_FIRST;
	const struct header header = header_of_program(version, replay->next_number - 1);

	header_write(lines, &header);
	setting_text_append(lines, settings, timestamp_now());
}

/* journal_fill_cb */
static void fill_compact(void *argument, struct atomic_file *replacement, int file, off_t length)
{
	const struct replay *replay = argument;
	const struct user_index *users = replay->users;
	struct buffer line = {0};

	(void)file, (void)length;
	append_head(&line, replay);
	atomic_file_reserve(replacement, (off_t)line.length + size_of_users(users));
	atomic_file_write(replacement, &line);
	for (size_t i = 0; i < user_index_count(users) && !line.failed; i++) {
		struct user user = user_index_at(users, i);
		struct record record = record_of_user(&user);
		buffer_clear(&line);
		record_append(&line, &record);
		atomic_file_write(replacement, &line);
	}
	buffer_free(&line);
}

enum result rewrite_compact(
	struct journal *journal, const struct replay *replay, const char **reason)
{
	return journal_replace(journal, fill_compact, (void *)replay, reason);
}

/* journal_fill_cb */
static void fill_extended(void *argument, struct atomic_file *replacement, int file, off_t length)
{
	const struct buffer *lines = argument;

	atomic_file_reserve(replacement, length + (off_t)lines->length);
	atomic_file_copy(replacement, file, 0, length);
	atomic_file_write(replacement, lines);
}

enum result rewrite_extend(struct journal *journal, const struct buffer *lines, const char **reason)
{
	return journal_replace(journal, fill_extended, (void *)lines, reason);
}

/* What a file of the next version begins and ends in. */
struct raising {
	off_t start; /* of the old records */
	struct buffer header;
	const struct buffer *lines;
};

/* journal_fill_cb */
static void fill_raised(void *argument, struct atomic_file *replacement, int file, off_t length)
{
	const struct raising *raising = argument;
	off_t more = (off_t)(raising->header.length + raising->lines->length) - raising->start;

	atomic_file_reserve(replacement, length + more);
	atomic_file_write(replacement, &raising->header);
	atomic_file_copy(replacement, file, raising->start, length);
	atomic_file_write(replacement, raising->lines);
}

static enum result raise_version(struct journal *journal, struct header *header,
	const struct buffer *lines, const char **reason)
{
	struct header raised = *header;
	struct raising raising = {.lines = lines};
	struct buffer old = {0};

	raised.version = HEADER_VERSION_LAST;
	header_write(&old, header);
	header_write(&raising.header, &raised);
	raising.start = (off_t)old.length;
	enum result result = journal_replace(journal, fill_raised, &raising, reason);
	if (result == RESULT_OK)
		*header = raised;
	buffer_free(&old);
	buffer_free(&raising.header);
	return result;
}

enum result rewrite_append(struct journal *journal, struct header *header,
	const struct buffer *lines, unsigned version, const char **reason)
{
	if (version > header->version)
		return raise_version(journal, header, lines, reason);
	return journal_append(journal, lines->bytes, lines->length, reason);
}
