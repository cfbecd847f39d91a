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

static bool export_users(const struct user_index *users, const struct format *format,
	struct buffer *out, struct progress *progress)
{
	size_t count = user_index_count(users);

	if (format->write_head != NULL)
		format->write_head(out);
	for (size_t i = 0; i < count; i++) {
		struct user user = user_index_at(users, i);
		format->write_user(out, &user);
		if (out->length < CHUNK && !out->failed)
			continue;
		if (!write_out(out))
			return false;
		progress_step(progress, i);
	}
	return write_out(out);
}

static int write_all(const struct user_index *users, const struct format *format)
{
	struct progress progress = {0};
	struct buffer out = {0};

	/* On a terminal the two would get mixed up. */
	if (!isatty(STDOUT_FILENO))
		progress_begin(&progress, "writing", user_index_count(users));
	bool is_written = export_users(users, format, &out, &progress);
	int cause = errno;
	progress_end(&progress);
	buffer_free(&out);
	errno = cause;
	return is_written ? EX_OK : standard_output_failed();
}

static int run_export(const struct command_line *line)
{
	char *path = line->operand == NULL ? users_file_path(line->data) : NULL;
	struct replay replay;
	struct journal_scan scan;

	replay_open(&replay, NULL, NULL);
	int status = users_file_read_sound(path != NULL ? path : line->operand, &replay, &scan);
	if (status == EX_OK)
		status = write_all(replay.users, line->format != NULL ? line->format : &csv_format);
	replay_close(&replay);
	free(path);
	return status;
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
		"would take for a formula has an apostrophe before it, which import takes away.\n",
	.options = (const char *const[]){"data", "format", NULL},
	.run = run_export,
};
