/*
 * Reads the options of the server: defaults, then the file of --config, then the environment, then
 * the command line, where the later wins. All errors become one sentence that names the setting as
 * the operator wrote it.
 */
#include "options/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/endpoint.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/printable.h"
#include "base/timestamp.h"
#include "options/option_rows.h"
#include "options/option_value.h"
#include "options/settings_file.h"

static uint64_t bit_of(const struct option_row *row)
{
	return UINT64_C(1) << (row - option_rows);
}

/* Options without a value, which only the command line has. */
#define FLAGS 3

static bool read_option_value(struct options *options, const struct option_row *row,
	const char *value, struct reason *reason)
{
	options->given |= bit_of(row);
	return option_value_read(options, row, value, reason);
}

/* Puts what was set, and by which name, before the reason why it is wrong. The address of a
 * database may have a password in it, which is nothing for a log. */
static enum options_outcome wrong_value(
	const char *prefix, const struct option_row *row, const char *value, struct reason *reason)
{
	const struct reason why = *reason;
	const char *name = *prefix != '\0' ? row->name : row->environment;

	if (row->kind == KIND_STORE)
		reason_set(reason, "%s%s: %s", prefix, name, why.text);
	else
		reason_set(reason, "%s%s: '" PRINTABLE_FORMAT "': %.300s", prefix, name,
			PRINTABLE_UP_TO(60, value), why.text);
	return OPTIONS_WRONG;
}

static bool is_ours(const char *name)
{
	return strncmp(name, "ROLLCALL_", strlen("ROLLCALL_")) == 0;
}

/* setting_cb. Those of other programs are none of our business. */
static enum result take_setting(
	void *options, const char *name, const char *value, struct reason *reason)
{
	const struct option_row *row = option_row_of_variable(name);

	if (!is_ours(name))
		return RESULT_OK;
	if (row == NULL || row->kind == KIND_FILE)
		return reason_fail(reason, RESULT_MALFORMED, PRINTABLE_FORMAT ": no such setting",
			PRINTABLE_UP_TO(200, name));

	if (read_option_value(options, row, value, reason))
		return RESULT_OK;
	wrong_value("", row, value, reason);
	return RESULT_MALFORMED;
}

static enum options_outcome read_environment(struct options *options, struct reason *reason)
{
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		const char *value = getenv(option_rows[i].environment);
		if (value != NULL && !read_option_value(options, &option_rows[i], value, reason))
			return wrong_value("", &option_rows[i], value, reason);
	}
	return OPTIONS_RUN;
}

static enum options_outcome read_arguments(
	struct options *options, int count, char **arguments, struct reason *reason)
{
	struct option longs[OPTION_ROWS + FLAGS + 1] = {{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'}, {"new", no_argument, NULL, 'n'}};
	int index, c;

	for (size_t i = 0; i < OPTION_ROWS; i++)
		longs[i + FLAGS] = (struct option){option_rows[i].name, required_argument, NULL, 0};
	optind = 0; /* forgets an earlier reading that ended halfway; 1 does not */
	/* optind does not move on within letters in a row, so what is read is kept beside it. */
	for (int at = 1; (c = getopt_long(count, arguments, "+:", longs, &index)) != -1;
		at = optind) {
		if (c == 'h')
			return OPTIONS_HELP;
		if (c == 'v')
			return OPTIONS_VERSION;
		if (c == 'n') {
			options->makes_list = true;
			continue;
		}
		if (c != 0) {
			reason_set(reason,
				c == ':' ? PRINTABLE_FORMAT ": a value is missing"
					 : PRINTABLE_FORMAT ": no such option",
				PRINTABLE_UP_TO(200, arguments[at]));
			return OPTIONS_WRONG;
		}
		if (!read_option_value(options, &option_rows[index - FLAGS], optarg, reason))
			return wrong_value("--", &option_rows[index - FLAGS], optarg, reason);
	}
	if (optind < count) {
		reason_set(reason, PRINTABLE_FORMAT ": not an option",
			PRINTABLE_UP_TO(200, arguments[optind]));
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}

static void set_defaults(struct options *options)
{
	options->makes_list = false;
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		struct reason reason;
		if (option_rows[i].kind == KIND_NUMBER)
			option_set_number(options, &option_rows[i], option_rows[i].number);
		else
			read_option_value(options, &option_rows[i], option_rows[i].text, &reason);
	}
	options->given = 0;
	options->hidden = 0;
}

/* Over what there is. */
static enum options_outcome read_both(
	struct options *options, int count, char **arguments, struct reason *reason)
{
	enum options_outcome outcome = read_environment(options, reason);

	return outcome == OPTIONS_RUN ? read_arguments(options, count, arguments, reason) : outcome;
}

static bool is_changed(
	const struct options *one, const struct options *other, const struct option_row *row)
{
	if (option_is_text(row))
		return strcmp((const char *)one + row->offset, (const char *)other + row->offset) !=
		       0;
	return option_number(one, row) != option_number(other, row);
}

static bool has_custom_style(const char *www)
{
	char *path = memory_printf("%s/custom.css", www);
	bool is_there = access(path, F_OK) == 0;

	free(path);
	return is_there;
}

/* Why they do not go together, or NULL. A directory that is the usual one may have been named by
 * the package. */
static const char *find_contradiction(const struct options *options)
{
	if (*options->store != '\0' && strcmp(options->data, OPTIONS_DATA_DEFAULT) != 0)
		return "--data and --store: the users are in a directory or in a database, not in "
		       "both";
	if (*options->store != '\0' && options->makes_list)
		return "--new is for a directory; 'rollcall migrate' prepares the database of "
		       "--store";
	if (options->closes != 0 && options->opens >= options->closes)
		return "--closes is not later than --opens";
	return NULL;
}

/* What follows from several options, or could be right by itself but not together. */
static enum options_outcome complete_options(struct options *options, struct reason *reason)
{
	const char *contradiction = find_contradiction(options);

	options->has_custom_style = has_custom_style(options->www);
	if (contradiction == NULL)
		return OPTIONS_RUN;
	reason_set(reason, "%s", contradiction);
	return OPTIONS_WRONG;
}

enum options_outcome options_read_with(struct options *options, int count, char **arguments,
	struct buffer *file, struct reason *reason)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", options->config);
	set_defaults(options);
	if (settings_file_read(path, file, take_setting, options, reason) != RESULT_OK)
		return OPTIONS_WRONG;
	const struct options of_file = *options;
	options->given = 0;
	enum options_outcome outcome = read_both(options, count, arguments, reason);
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		if ((of_file.given & options->given & bit_of(&option_rows[i])) != 0 &&
			is_changed(&of_file, options, &option_rows[i]))
			options->hidden |= bit_of(&option_rows[i]);
	}
	options->given |= of_file.given;
	return outcome == OPTIONS_RUN ? complete_options(options, reason) : outcome;
}

static enum options_outcome read_config(
	struct options *options, int count, char **arguments, struct reason *reason)
{
	struct buffer file = {0};
	enum options_outcome outcome = OPTIONS_WRONG;

	if (settings_file_load(options->config, &file, reason) == RESULT_OK)
		outcome = options_read_with(options, count, arguments, &file, reason);
	buffer_free(&file);
	return outcome;
}

enum options_outcome options_read(
	struct options *options, int count, char **arguments, struct reason *reason)
{
	set_defaults(options);
	/* --help is heard whatever the environment says. */
	enum options_outcome outcome = read_arguments(options, count, arguments, reason);
	if (outcome == OPTIONS_RUN)
		outcome = read_both(options, count, arguments, reason);
	if (outcome == OPTIONS_RUN && *options->config != '\0')
		return read_config(options, count, arguments, reason);
	return outcome == OPTIONS_RUN ? complete_options(options, reason) : outcome;
}

bool options_given(const struct options *options, const char *name)
{
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		if (strcmp(option_rows[i].name, name) == 0)
			return (options->given & bit_of(&option_rows[i])) != 0;
	}
	return false;
}

void options_unused(const struct options *options,
	void (*unused)(void *argument, const char *name, const char *reason), void *argument)
{
	for (char **variable = environ; *variable != NULL; variable++) {
		char name[64];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*variable, "="), *variable);
		if (is_ours(name) && option_row_of_variable(name) == NULL)
			unused(argument, name, "no such setting");
	}
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		if ((options->hidden & bit_of(&option_rows[i])) != 0)
			unused(argument, option_rows[i].environment,
				"the environment or the command line counts before the file");
	}
}

#define VALUE_SIZE 32

static const char *value_of(
	struct options *options, const struct option_row *row, char room[static VALUE_SIZE])
{
	if (row->kind == KIND_STORE && *option_text(options, row) != '\0')
		return "(not shown)";
	if (option_is_text(row))
		return option_text(options, row);
	if (row->kind == KIND_LEVEL)
		return log_level_name((unsigned)option_number(options, row));
	if (row->kind == KIND_SWITCH)
		return option_number(options, row) != 0 ? "on" : "off";
	if (row->kind == KIND_TIME) {
		if (option_number(options, row) == 0)
			return "";
		timestamp_format(option_number(options, row), room);
		return room;
	}
	snprintf(room, VALUE_SIZE, "%" PRId64, option_number(options, row));
	return room;
}

void options_compare(
	const struct options *now, struct options *fresh, option_change_cb *changed, void *argument)
{
	struct options before = *now;

	for (size_t i = 0; i < OPTION_ROWS; i++) {
		const struct option_row *row = &option_rows[i];
		char from[VALUE_SIZE], to[VALUE_SIZE];
		const struct option_change change = {.name = row->name,
			.from = value_of(&before, row, from),
			.to = value_of(fresh, row, to),
			.is_live = row->change == CHANGE_LIVE};
		if (!is_changed(&before, fresh, row))
			continue;
		changed(argument, &change);
		if (change.is_live)
			continue;
		if (option_is_text(row))
			snprintf(option_text(fresh, row), (size_t)row->most, "%s",
				option_text(&before, row));
		else
			option_set_number(fresh, row, option_number(now, row));
	}
}

static void write_default(FILE *out, const struct option_row *row)
{
	if (row->text != NULL && *row->text == '\0')
		fputs("\n", out);
	else if (row->text != NULL)
		fprintf(out, " (%s)\n", row->text);
	else
		fprintf(out, " (%" PRId64 ")\n", row->number);
}

void options_help(FILE *out)
{
	fputs("usage: rollcall [OPTION]...\n"
	      "       rollcall COMMAND [OPTION]... [OPERAND]\n"
	      "\n"
	      "A sign-up sheet and user directory: a FastCGI application for nginx and other web "
	      "servers.\n"
	      "\n"
	      "  --help     this text\n"
	      "  --version  the version\n"
	      "  --new      make a list even if users.lock or another file shows that there was "
	      "one\n",
		out);
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		fprintf(out, "\n  --%s %s\n      %s", option_rows[i].name,
			option_rows[i].value_name, option_rows[i].help);
		write_default(out, &option_rows[i]);
		fprintf(out, "      environment: %s\n", option_rows[i].environment);
	}
	fputs("\n"
	      "The command line overrides the environment, and the environment overrides the\n"
	      "file of --config. A listening socket that the process inherits (LISTEN_FDS, or\n"
	      "descriptor 0) is used in place of --listen. Under a CGI server\n"
	      "(GATEWAY_INTERFACE) the program serves one request and reads no arguments.\n"
	      "\n"
	      "SIGTERM, SIGINT, SIGQUIT and SIGXCPU stop the server when requests under way\n"
	      "have their responses. A second SIGTERM, SIGINT or SIGQUIT stops it at once.\n"
	      "SIGHUP reloads the file of --config.\n"
	      "\n"
	      "Exit status: 0 for a stop, 2 for a wrong option or setting, others as in\n"
	      "sysexits(3).\n",
		out);
}
