/*
 * Settings, from a file of any kind: each value that is taken is one that its row allows, written
 * as a file again it is read back as it was, and the command line takes just what the file does.
 */
#include "options/options.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "options/option_rows.h"
#include "options/option_value.h"

static enum options_outcome read_settings(
	struct options *options, const struct buffer *settings, struct reason *reason)
{
	char *arguments[] = {"rollcall", NULL};
	struct buffer text = {0};

	*options = (struct options){.config = "rollcall.conf"};
	*reason = (struct reason){.text = ""};
	buffer_append(&text, settings->bytes, settings->length);
	enum options_outcome outcome = options_read_with(options, 1, arguments, &text, reason);
	must(outcome == OPTIONS_RUN || outcome == OPTIONS_WRONG);
	must(outcome == OPTIONS_RUN || *reason->text != '\0');
	buffer_free(&text);
	return outcome;
}

/* What a row takes is what was written. */
static void check_taken(struct options *options, const struct option_row *row, const char *value)
{
	if (row->kind == KIND_SWITCH)
		must(strcmp(value, option_number(options, row) == 1 ? "on" : "off") == 0);
	else if (row->kind == KIND_NUMBER)
		must(strtoll(value, NULL, 10) == option_number(options, row));
	else if (option_is_text(row) && row->kind != KIND_TEXT && row->kind != KIND_LINES)
		must(strcmp(value, option_text(options, row)) == 0);
}

/* A number that a row allows. */
static bool is_number_of(const struct option_row *row, const char *value)
{
	size_t length = strlen(value);
	long long number = strtoll(value, NULL, 10);

	return row->kind == KIND_NUMBER && length > 0 && length < 18 &&
	       strspn(value, "0123456789") == length && number >= row->least && number <= row->most;
}

/* A text that a row allows: here, of ASCII that can be seen, a backslash and what is behind it,
 * too. */
static bool is_text_of(const struct option_row *row, const char *value)
{
	size_t length = strlen(value);

	for (size_t i = 0; i < length; i++) {
		if (value[i] <= ' ' || value[i] > '~')
			return false;
	}
	return row->kind == KIND_TEXT && length > 0 && length <= (size_t)(row->most - 1) / 4;
}

static void check_value(struct options *options, const struct option_row *row)
{
	if (!option_is_text(row)) {
		int64_t number = option_number(options, row);
		if (row->kind == KIND_NUMBER)
			must(number >= row->least && number <= row->most);
		else if (row->kind == KIND_TIME)
			must(number >= 0 && number <= TIMESTAMP_LAST);
		else if (row->kind == KIND_SWITCH)
			must(number == 0 || number == 1);
		return;
	}
	const char *text = option_text(options, row);
	size_t length = strnlen(text, (size_t)row->most);
	must(length < (size_t)row->most);
	if (row->kind != KIND_TEXT && row->kind != KIND_LINES)
		return;
	must(utf8_is_valid(text, length));
	for (size_t i = 0; i < length; i++)
		must((unsigned char)text[i] >= ' ' || (row->kind == KIND_LINES && text[i] == '\n'));
}

/* A text as a setting: a line feed is a backslash and an n. */
static void put_text(struct buffer *out, const char *text)
{
	char quote = strchr(text, '"') != NULL ? '\'' : '"';

	buffer_append(out, &quote, 1);
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buffer_string(out, "\\n");
		else
			buffer_append(out, text, 1);
	}
	buffer_append(out, &quote, 1);
}

/* What cannot be quoted, and a backslash before an n that is no line feed, have no way into a file:
 * false. */
static bool can_be_written(const char *text, const struct option_row *row)
{
	return (strchr(text, '"') == NULL || strchr(text, '\'') == NULL) &&
	       (row->kind != KIND_LINES || strstr(text, "\\n") == NULL);
}

static bool put_option(struct buffer *out, struct options *options, const struct option_row *row)
{
	static const char *const levels[] = {"error", "warn", "info", "debug"};
	int64_t number = option_is_text(row) ? 0 : option_number(options, row);
	char time[TIMESTAMP_SIZE] = "";

	if (row->kind == KIND_FILE)
		return true; /* a file cannot name another one */
	buffer_printf(out, "%s=", row->environment);
	if (option_is_text(row)) {
		if (!can_be_written(option_text(options, row), row))
			return false;
		put_text(out, option_text(options, row));
	} else if (row->kind == KIND_TIME) {
		if (number != 0)
			timestamp_format(number, time);
		buffer_string(out, time);
	} else if (row->kind == KIND_NUMBER) {
		buffer_printf(out, "%" PRId64, number);
	} else {
		buffer_string(out, row->kind == KIND_LEVEL ? levels[number]
				   : number == 0           ? "off"
							   : "on");
	}
	buffer_string(out, "\n");
	return true;
}

/* option_change_cb */
static void on_change(void *argument, const struct option_change *change)
{
	(void)argument;
	must(strcmp(change->name, "nothing has changed") == 0);
}

static void check_written(struct options *options)
{
	struct buffer written = {0};
	struct options again;
	struct reason reason;
	bool can_be = true;

	for (size_t i = 0; i < OPTION_ROWS && can_be; i++)
		can_be = put_option(&written, options, &option_rows[i]);
	must(!written.failed);
	if (can_be) {
		must(read_settings(&again, &written, &reason) == OPTIONS_RUN);
		options_compare(options, &again, on_change, NULL);
	}
	buffer_free(&written);
}

/* The command line and the file, with one setting each. */
static void check_both(const struct option_row *row, const char *value)
{
	char *arguments[] = {"rollcall", NULL, NULL};
	struct buffer nothing = {0}, setting = {0}, argument = {0};
	struct options of_line = {.config = "rollcall.conf"}, of_file;
	struct reason reason = {0};

	if (row->kind == KIND_FILE || strpbrk(value, "\"\n") != NULL)
		return;
	buffer_printf(&argument, "--%s=", row->name);
	buffer_string(&argument, value);
	buffer_append(&argument, "", 1);
	buffer_printf(&setting, "%s=\"", row->environment);
	buffer_string(&setting, value);
	buffer_string(&setting, "\"\n");
	must(!argument.failed && !setting.failed);
	arguments[1] = argument.bytes;
	enum options_outcome outcome = options_read_with(&of_line, 2, arguments, &nothing, &reason);
	must(outcome == read_settings(&of_file, &setting, &reason));
	must(outcome == OPTIONS_RUN || !(is_number_of(row, value) || is_text_of(row, value)));
	if (outcome == OPTIONS_RUN) {
		options_compare(&of_line, &of_file, on_change, NULL);
		check_taken(&of_line, row, value);
		check_value(&of_line, row);
		must(options_given(&of_line, row->name) && options_given(&of_file, row->name));
	}
	buffer_free(&nothing);
	buffer_free(&setting);
	buffer_free(&argument);
}

/* Those of the person who runs the test. */
static void forget_environment(void)
{
	for (size_t i = 0; i < OPTION_ROWS; i++)
		must(unsetenv(option_rows[i].environment) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	const struct option_row *row = &option_rows[fuzz_take_below(&input, OPTION_ROWS)];
	size_t value_length;
	const char *from = fuzz_take_text(&input, &value_length);
	char *value = fuzz_string(from, value_length);
	struct buffer settings = {0};
	struct options options;
	struct reason reason;

	forget_environment();
	check_both(row, value);
	buffer_append(&settings, input.bytes, input.length);
	if (read_settings(&options, &settings, &reason) == OPTIONS_RUN) {
		for (size_t i = 0; i < OPTION_ROWS; i++)
			check_value(&options, &option_rows[i]);
		check_written(&options);
	}
	buffer_free(&settings);
	free(value);
	return 0;
}
