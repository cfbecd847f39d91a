#include "options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "endpoint.h"
#include "limit.h"
#include "listener.h"
#include "log.h"
#include "printable.h"
#include "settings_file.h"

enum kind { KIND_ADDRESS, KIND_DIRECTORY, KIND_FILE, KIND_NUMBER, KIND_LEVEL };

/* When a new value of an option counts. */
enum change { CHANGE_RESTART, CHANGE_LIVE };

/* One row says all there is to know of an option. */
struct option_row {
	const char *name;
	const char *environment;
	enum kind kind;
	enum change change;
	size_t offset; /* in struct options */
	const char *text;
	int64_t number; /* the default: `text` or `number` */
	int64_t least;
	int64_t most; /* of a text: room for it */
	const char *value_name;
	const char *help;
};

#define TEXT(member, value)                                                                        \
	offsetof(struct options, member), value, 0, 0, sizeof(((struct options *)0)->member)
#define NUMBER(member, value, least, most)                                                         \
	offsetof(struct options, member), NULL, value, least, most

static const struct option_row rows[] = {
	{"config", "ROLLCALL_CONFIG", KIND_FILE, CHANGE_RESTART, TEXT(config, ""), "FILE",
		"more settings, NAME=value by the names in the environment; read again on SIGHUP.\n"
		"      With - before it, it may be missing"},
	{"listen", "ROLLCALL_LISTEN", KIND_ADDRESS, CHANGE_RESTART, TEXT(listen, ENDPOINT_DEFAULT),
		"ADDRESS",
		"socket for the web server: PATH, unix:PATH, tcp:ADDRESS:PORT or "
		"tcp:[ADDRESS]:PORT"},
	{"data", "ROLLCALL_DATA", KIND_DIRECTORY, CHANGE_RESTART, TEXT(data, OPTIONS_DATA_DEFAULT),
		"DIRECTORY", "where the users are kept"},
	{"max-params", "ROLLCALL_MAX_PARAMS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_params, LIMIT_PARAMS, 1024, 1 << 24), "BYTES",
		"parameters of one request"},
	{"max-body", "ROLLCALL_MAX_BODY", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_body, LIMIT_BODY, 0, 1 << 24), "BYTES", "body of one request"},
	{"max-connections", "ROLLCALL_MAX_CONNECTIONS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_connections, LIMIT_CONNECTIONS, 1, 1000000), "N",
		"connections open at once"},
	{"max-streams", "ROLLCALL_MAX_STREAMS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_streams, LIMIT_STREAMS, 0, 1000000), "N",
		"live lists open at once; half of the connections at most"},
	{"max-users", "ROLLCALL_MAX_USERS", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(max_users, LIMIT_USERS, 1, 4000000000), "N", "users stored"},
	{"page-size", "ROLLCALL_PAGE_SIZE", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(page_size, LIMIT_PAGE, 1, LIMIT_PAGE_MOST), "N",
		"users on one page of the list"},
	{"workers", "ROLLCALL_WORKERS", KIND_NUMBER, CHANGE_RESTART, NUMBER(workers, 2, 1, 64), "N",
		"threads of the worker pool"},
	{"request-timeout", "ROLLCALL_REQUEST_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(request_timeout, 10000, 1, 3600000), "MS",
		"for a request to arrive, and for its answer to be taken"},
	{"first-request-timeout", "ROLLCALL_FIRST_REQUEST_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(first_request_timeout, 5000, 1, 3600000), "MS",
		"for a new connection to be used"},
	{"idle-timeout", "ROLLCALL_IDLE_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(idle_timeout, 75000, 1, 86400000), "MS",
		"for a kept connection to be used again"},
	{"stop-timeout", "ROLLCALL_STOP_TIMEOUT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(stop_timeout, 8000, 1, 3600000), "MS",
		"for what is under way to end after a signal to stop"},
	{"heartbeat", "ROLLCALL_HEARTBEAT", KIND_NUMBER, CHANGE_LIVE,
		NUMBER(heartbeat, 15000, 10, 3600000), "MS",
		"between signs of life to a live list"},
	{"log-level", "ROLLCALL_LOG_LEVEL", KIND_LEVEL, CHANGE_LIVE,
		offsetof(struct options, log_level), "info", 0, 0, 0, "LEVEL",
		"error, warn, info or debug"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Options without a value, which only the command line has. */
#define FLAGS 3

static char *text_of(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static int64_t number_of(const struct options *options, const struct option_row *row)
{
	return *(const int64_t *)((const char *)options + row->offset);
}

static bool is_text(const struct option_row *row)
{
	return row->kind != KIND_NUMBER && row->kind != KIND_LEVEL;
}

static bool set_number(struct options *options, const struct option_row *row, int64_t value)
{
	*(int64_t *)((char *)options + row->offset) = value;
	return true;
}

static bool read_number(
	struct options *options, const struct option_row *row, const char *value, char *reason)
{
	uint64_t number;

	if (!decimal_read(value, &number) || number < (uint64_t)row->least ||
		number > (uint64_t)row->most) {
		snprintf(reason, OPTIONS_REASON_SIZE,
			"expected a whole number from %" PRId64 " to %" PRId64, row->least,
			row->most);
		return false;
	}
	return set_number(options, row, (int64_t)number);
}

static bool read_level(
	struct options *options, const struct option_row *row, const char *value, char *reason)
{
	for (unsigned i = 0; log_level_name(i) != NULL; i++) {
		if (strcmp(log_level_name(i), value) == 0)
			return set_number(options, row, i);
	}
	snprintf(reason, OPTIONS_REASON_SIZE, "expected error, warn, info or debug");
	return false;
}

static bool read_text(
	struct options *options, const struct option_row *row, const char *value, char *reason)
{
	if (row->kind == KIND_ADDRESS && listener_check(value, reason) != STATUS_OK)
		return false;
	if (row->kind == KIND_DIRECTORY && *value == '\0') {
		snprintf(reason, OPTIONS_REASON_SIZE, "expected a directory");
		return false;
	}
	if (strlen(value) >= (size_t)row->most) {
		snprintf(reason, OPTIONS_REASON_SIZE, "too long");
		return false;
	}
	snprintf(text_of(options, row), (size_t)row->most, "%s", value);
	return true;
}

static bool read_value(
	struct options *options, const struct option_row *row, const char *value, char *reason)
{
	switch (row->kind) {
	case KIND_NUMBER:
		return read_number(options, row, value, reason);
	case KIND_LEVEL:
		return read_level(options, row, value, reason);
	case KIND_ADDRESS:
	case KIND_DIRECTORY:
	case KIND_FILE:
		break;
	}
	return read_text(options, row, value, reason);
}

/* Puts what was set, and by which name, before the reason why it is wrong. */
static enum options_outcome wrong(
	const char *prefix, const char *name, const char *value, char *reason)
{
	char why[LISTENER_REASON_SIZE];

	snprintf(why, sizeof(why), "%.*s", (int)sizeof(why) - 1, reason);
	snprintf(reason, OPTIONS_REASON_SIZE, "%s%s: '" PRINTABLE_FORMAT "': %.300s", prefix, name,
		PRINTABLE_UP_TO(60, value), why);
	return OPTIONS_WRONG;
}

/* setting_visit. Those of other programs are none of our business. */
static enum status take_setting(void *options, const char *name, const char *value, char *reason)
{
	const struct option_row *row = rows;

	if (strncmp(name, "ROLLCALL_", strlen("ROLLCALL_")) != 0)
		return STATUS_OK;
	while (row < rows + ROWS && strcmp(row->environment, name) != 0)
		row++;
	if (row == rows + ROWS || row->kind == KIND_FILE) {
		snprintf(reason, OPTIONS_REASON_SIZE, PRINTABLE_FORMAT ": no such setting",
			PRINTABLE_UP_TO(200, name));
		return STATUS_MALFORMED;
	}
	if (read_value(options, row, value, reason))
		return STATUS_OK;
	wrong("", name, value, reason);
	return STATUS_MALFORMED;
}

static enum options_outcome read_environment(struct options *options, char *reason)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *value = getenv(rows[i].environment);
		if (value != NULL && !read_value(options, &rows[i], value, reason))
			return wrong("", rows[i].environment, value, reason);
	}
	return OPTIONS_RUN;
}

static enum options_outcome read_arguments(
	struct options *options, int count, char **arguments, char *reason)
{
	struct option longs[ROWS + FLAGS + 1] = {{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'}, {"new", no_argument, NULL, 'n'}};
	int index, c;

	for (size_t i = 0; i < ROWS; i++)
		longs[i + FLAGS] = (struct option){rows[i].name, required_argument, NULL, 0};
	opterr = 0;
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
			snprintf(reason, OPTIONS_REASON_SIZE,
				c == ':' ? PRINTABLE_FORMAT ": a value is missing"
					 : PRINTABLE_FORMAT ": no such option",
				PRINTABLE_UP_TO(200, arguments[at]));
			return OPTIONS_WRONG;
		}
		if (!read_value(options, &rows[index - FLAGS], optarg, reason))
			return wrong("--", rows[index - FLAGS].name, optarg, reason);
	}
	if (optind < count) {
		snprintf(reason, OPTIONS_REASON_SIZE, PRINTABLE_FORMAT ": not an option",
			PRINTABLE_UP_TO(200, arguments[optind]));
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}

static void set_defaults(struct options *options)
{
	options->makes_list = false;
	for (size_t i = 0; i < ROWS; i++) {
		char reason[OPTIONS_REASON_SIZE];
		if (rows[i].kind == KIND_NUMBER)
			set_number(options, &rows[i], rows[i].number);
		else
			read_value(options, &rows[i], rows[i].text, reason);
	}
}

/* Over what there is. */
static enum options_outcome read_both(
	struct options *options, int count, char **arguments, char *reason)
{
	enum options_outcome outcome = read_environment(options, reason);

	return outcome == OPTIONS_RUN ? read_arguments(options, count, arguments, reason) : outcome;
}

enum options_outcome options_read_with(struct options *options, int count, char **arguments,
	struct buffer *file, char reason[static OPTIONS_REASON_SIZE])
{
	_Static_assert(OPTIONS_REASON_SIZE >= SETTINGS_REASON_SIZE, "for its reasons");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", options->config);
	set_defaults(options);
	if (settings_file_read(path, file, take_setting, options, reason) != STATUS_OK)
		return OPTIONS_WRONG;
	return read_both(options, count, arguments, reason);
}

static enum options_outcome read_file(
	struct options *options, int count, char **arguments, char *reason)
{
	struct buffer file = {0};
	enum options_outcome outcome = OPTIONS_WRONG;

	if (settings_file_load(options->config, &file, reason) == STATUS_OK)
		outcome = options_read_with(options, count, arguments, &file, reason);
	buffer_free(&file);
	return outcome;
}

enum options_outcome options_read(struct options *options, int count, char **arguments,
	char reason[static OPTIONS_REASON_SIZE])
{
	set_defaults(options);
	/* --help is heard whatever the environment says. */
	enum options_outcome outcome = read_arguments(options, count, arguments, reason);
	if (outcome == OPTIONS_RUN)
		outcome = read_both(options, count, arguments, reason);
	if (outcome == OPTIONS_RUN && *options->config != '\0')
		outcome = read_file(options, count, arguments, reason);
	return outcome;
}

#define VALUE_SIZE 24

static const char *value_of(
	struct options *options, const struct option_row *row, char room[static VALUE_SIZE])
{
	if (is_text(row))
		return text_of(options, row);
	if (row->kind == KIND_LEVEL)
		return log_level_name((unsigned)number_of(options, row));
	snprintf(room, VALUE_SIZE, "%" PRId64, number_of(options, row));
	return room;
}

void options_compare(
	const struct options *now, struct options *fresh, option_changed *changed, void *argument)
{
	struct options before = *now;

	for (size_t i = 0; i < ROWS; i++) {
		const struct option_row *row = &rows[i];
		char from[VALUE_SIZE], to[VALUE_SIZE];
		const struct option_change change = {.name = row->name,
			.from = value_of(&before, row, from),
			.to = value_of(fresh, row, to),
			.is_live = row->change == CHANGE_LIVE};
		if (strcmp(change.from, change.to) == 0)
			continue;
		changed(argument, &change);
		if (change.is_live)
			continue;
		if (is_text(row))
			snprintf(text_of(fresh, row), (size_t)row->most, "%s", change.from);
		else
			set_number(fresh, row, number_of(now, row));
	}
}

static void write_default(FILE *out, const struct option_row *row)
{
	if (row->kind == KIND_FILE)
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
	      "  --new      make a list where users.lock or another file says that there was one\n",
		out);
	for (size_t i = 0; i < ROWS; i++) {
		fprintf(out, "\n  --%s %s\n      %s", rows[i].name, rows[i].value_name,
			rows[i].help);
		write_default(out, &rows[i]);
		fprintf(out, "      environment: %s\n", rows[i].environment);
	}
	fputs("\n"
	      "The command line counts before the environment, and the environment before the file "
	      "of --config.\n"
	      "A listening socket that the process was started with (LISTEN_FDS, or descriptor 0) "
	      "is used in\n"
	      "place of --listen. Started by a CGI server (GATEWAY_INTERFACE), the program answers "
	      "one request,\n"
	      "and reads no arguments.\n"
	      "\n"
	      "SIGTERM, SIGINT and SIGQUIT stop it once what is under way is answered and stored; "
	      "a second one\n"
	      "stops it at once. SIGHUP has it read the file of --config again.\n"
	      "\n"
	      "Exit status: 0 stopped, 1 could not start, 2 a wrong option or setting.\n",
		out);
}
