/*
 * rollcall export: writes all users to standard output in a format that import, spreadsheets and
 * scripts read. On a terminal the output is escaped, since names may come from elsewhere than the
 * form.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/progress.h"
#include "commands/commands.h"
#include "commands/database/database_export.h"
#include "commands/standard_output.h"
#include "commands/users_file.h"

#define CHUNK 65536

/* For people: names that are in the file can have been put there by other means than a form. */
static void make_printable(struct buffer *lines)
{
	struct buffer printed = {.failed = lines->failed};
	const char *line = lines->bytes, *end = lines->bytes + lines->length;

	while (line < end) {
		size_t length = (size_t)((char *)memchr(line, '\n', (size_t)(end - line)) - line);
		size_t shown = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
		printable_append(&printed, line, shown, "");
		buffer_append(&printed, "\n", 1);
		line += length + 1;
	}
	buffer_free(lines);
	*lines = printed;
}

static bool write_out(struct buffer *out)
{
	if (!out->failed && isatty(STDOUT_FILENO))
		make_printable(out);
	return standard_output_write(out);
}

/* The list on its way out. */
struct list_output {
	const struct format *format;
	struct buffer out;
	struct progress progress;
	uint64_t count;
	int cause; /* errno of the write that failed, or 0 */
};

static void flush_exported(struct list_output *output)
{
	if (output->cause == 0 && !write_out(&output->out))
		output->cause = errno;
}

static void begin_exported(void *argument, uint64_t users)
{
	struct list_output *output = argument;

	/* On a terminal the two would get mixed up. */
	if (!isatty(STDOUT_FILENO))
		progress_begin(&output->progress, "writing", users);
	if (output->format->write_head != NULL)
		output->format->write_head(&output->out);
}

static bool write_exported(void *argument, const struct user *user)
{
	struct list_output *output = argument;

	output->format->write_user(&output->out, user);
	output->count++;
	if (output->out.length < CHUNK && !output->out.failed)
		return true;
	flush_exported(output);
	progress_step(&output->progress, output->count);
	return output->cause == 0;
}

static int end_exported(struct list_output *output, int status)
{
	if (status == EX_OK)
		flush_exported(output);
	progress_end(&output->progress);
	buffer_free(&output->out);
	errno = output->cause;
	return status == EX_OK && output->cause != 0 ? standard_output_failed() : status;
}

static void write_indexed(struct list_output *output, const struct user_index *users)
{
	size_t count = user_index_count(users);

	for (size_t i = 0; i < count; i++) {
		struct user user = user_index_at(users, i);
		if (!write_exported(output, &user))
			return;
	}
}

static int export_file(const struct command_line *line, struct list_output *output)
{
	char *path = line->operand == NULL ? users_file_path(line->data) : NULL;
	struct replay replay;
	struct journal_scan scan;

	replay_open(&replay, NULL, NULL);
	int status = users_file_read_sound(path != NULL ? path : line->operand, &replay, &scan);
	if (status == EX_OK) {
		begin_exported(output, user_index_count(replay.users));
		write_indexed(output, replay.users);
	}
	status = end_exported(output, status);
	replay_close(&replay);
	free(path);
	return status;
}

static int export_database(const struct command_line *line, struct list_output *output)
{
	const struct database_visitor visitor = {
		.begin = begin_exported, .user = write_exported, .argument = output};

	return end_exported(output, database_export(&line->store, &visitor));
}

static int run_export(const struct command_line *line)
{
	struct list_output output = {.format = line->format != NULL ? line->format : &csv_format};

	return line->store.url != NULL ? export_database(line, &output)
				       : export_file(line, &output);
}

const struct command export_command = {
	.name = "export",
	.operand = "[FILE]",
	.summary = "Writes all users to standard output, as CSV or JSON Lines",
	.help = "Without FILE it reads users.log in the data directory. A server may be running.\n"
		"CSV (RFC 4180) has the header row number,created,username; JSON Lines has an\n"
		"object with these members on each line. The oldest user comes first.\n"
		"'rollcall import' reads both. The default is CSV. In CSV, a name that a "
		"spreadsheet\n"
		"would take for a formula has an apostrophe before it, which import takes away.\n"
		"\n"
		"A list in a database is read in parts, and so not all as of one moment.\n",
	.options = (const char *const[]){"data", STORE_OPTIONS, "format", NULL},
	.reads_file = true,
	.run = run_export,
};
