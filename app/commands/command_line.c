/*
 * The command lines of all commands. Each command names the options that it takes; one table here
 * says how each option is read and what --help says about it, so that an option means the same
 * everywhere.
 */
#include "commands/command_line.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/endpoint.h"
#include "base/limit.h"
#include "base/printable.h"
#include "options/options.h"

/* One row says all there is to know of an option. */
struct row {
	const char *name;
	const char *value; /* what --help calls it; NULL if it has none */
	const char *help;
	bool (*take)(struct command_line *line, const char *value, struct reason *reason);
};

static bool take_data(struct command_line *line, const char *value, struct reason *reason)
{
	line->data = value;
	line->is_data_given = true;
	if (*value != '\0')
		return true;
	reason_set(reason, "--data: expected a directory");
	return false;
}

static bool take_store(struct command_line *line, const char *value, struct reason *reason)
{
	line->store.url = value;
	line->is_store_given = true;
	if (*value != '\0')
		return true;
	reason_set(reason, "--store: expected the URL of a database");
	return false;
}

static bool take_store_insecure(struct command_line *line, const char *value, struct reason *reason)
{
	line->store.is_insecure = strcmp(value, "on") == 0;
	if (line->store.is_insecure || strcmp(value, "off") == 0)
		return true;
	reason_set(reason, "--store-insecure: expected on or off");
	return false;
}

static bool take_sql(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->is_sql = true;
	return true;
}

static bool take_new_site(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->makes_site = true;
	return true;
}

static bool take_format(struct command_line *line, const char *value, struct reason *reason)
{
	line->format = format_find(value);
	if (line->format != NULL)
		return true;
	reason_set(reason, "--format: expected " FORMAT_NAMES);
	return false;
}

static bool take_skip_invalid(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->is_lenient = true;
	return true;
}

static bool take_number(struct command_line *line, const char *value, struct reason *reason)
{
	if (decimal_is_number(value, strlen(value), LIMIT_PLACE, &line->number) && line->number > 0)
		return true;
	reason_set(reason, "--number: expected the number of a user");
	return false;
}

static bool take_new(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->makes_list = true;
	return true;
}

static bool take_listen(struct command_line *line, const char *value, struct reason *reason)
{
	(void)reason; /* the command says what is wrong with it */
	line->listen = value;
	return true;
}

static bool take_ready(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->is_live = false;
	return true;
}

static bool take_live(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->is_live = true;
	return true;
}

static bool take_as_json(struct command_line *line, const char *value, struct reason *reason)
{
	(void)value, (void)reason;
	line->is_json = true;
	return true;
}

static const struct row rows[] = {
	{"data", "DIRECTORY",
		"where the users are kept\n"
		"      (" OPTIONS_DATA_DEFAULT "; environment: ROLLCALL_DATA)",
		take_data},
	{"store", "URL",
		"the database that has the users, in place of --data:\n"
		"      postgresql://USER@HOST/DATABASE (environment: ROLLCALL_STORE)",
		take_store},
	{"store-insecure", "SWITCH",
		"on or off: whether a database may be reached over TCP without\n"
		"      sslmode=verify-full (off; environment: ROLLCALL_STORE_INSECURE)",
		take_store_insecure},
	{"format", "FORMAT", FORMAT_NAMES, take_format},
	{"skip-invalid", NULL, "leave out invalid lines, and import the rest", take_skip_invalid},
	{"number", "N", "the user with this number, if several have the name", take_number},
	{"new", NULL, "make a list even if users.lock or another file shows that there was one",
		take_new},
	{"listen", "ADDRESS",
		"where the server listens\n"
		"      (" ENDPOINT_DEFAULT "; environment: ROLLCALL_LISTEN)",
		take_listen},
	{"ready", NULL, "whether users can be stored (the default)", take_ready},
	{"live", NULL, "whether the server responds at all", take_live},
	{"json", NULL, "as JSON, for programs", take_as_json},
	{"sql", NULL, "print the SQL in place of running it", take_sql},
	{"new-site", NULL, "after a database was restored: no page that was kept counts any more",
		take_new_site},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* getopt_long() takes the beginning of a name for all of it, and a value after "=". */
bool command_line_has_value(const char *option)
{
	size_t length = strlen(option);

	if (strchr(option, '=') != NULL)
		return false;
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, option) == 0)
			return rows[i].value != NULL;
	}
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].value == NULL && strncmp(rows[i].name, option, length) == 0)
			return false;
	}
	return strncmp("help", option, length) != 0;
}

static bool takes_option(const struct command *command, const struct row *row)
{
	for (const char *const *name = command->options; *name != NULL; name++) {
		if (strcmp(*name, row->name) == 0)
			return true;
	}
	return false;
}

/* What getopt_long() stumbled over: a letter, of which `argument` may have more, or all of it. */
static enum command_line_outcome not_taken(int c, const char *argument, struct reason *reason)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	const char *name = c == '?' && optopt != 0 ? letter : argument;

	reason_set(reason,
		c == ':' ? PRINTABLE_FORMAT ": a value is missing"
			 : PRINTABLE_FORMAT ": no such option",
		PRINTABLE_UP_TO(200, name));
	return COMMAND_LINE_WRONG;
}

static enum command_line_outcome read_command_options(struct command_line *line,
	const struct command *command, int count, char **arguments, struct reason *reason)
{
	struct option longs[ROWS + 2] = {{"help", no_argument, NULL, 'h'}};
	const struct row *taken[ROWS];
	size_t options = 0;
	int index, c;

	for (size_t i = 0; i < ROWS; i++) {
		if (!takes_option(command, &rows[i]))
			continue;
		taken[options++] = &rows[i];
		longs[options] = (struct option){rows[i].name,
			rows[i].value != NULL ? required_argument : no_argument, NULL, 0};
	}
	optind = 0;
	while ((c = getopt_long(count, arguments, ":", longs, &index)) != -1) {
		if (c == 'h')
			return COMMAND_LINE_HELP;
		if (c != 0)
			return not_taken(c, arguments[optind - 1], reason);
		if (!taken[index - 1]->take(line, optarg, reason))
			return COMMAND_LINE_WRONG;
	}
	return COMMAND_LINE_RUN;
}

static enum command_line_outcome wrong_operand(
	struct reason *reason, const char *text, const char *what)
{
	reason_set(reason, PRINTABLE_FORMAT ": %s", PRINTABLE_UP_TO(200, text), what);
	return COMMAND_LINE_WRONG;
}

/* How many there have to be, and how many there may be. */
static void count_operands(const char *operands, int *least, int *most)
{
	*least = *most = 0;
	for (const char *word = operands; word != NULL; word = strchr(word, ' ')) {
		word += *word == ' ' ? 1 : 0;
		*least += *word != '[' ? 1 : 0;
		(*most)++;
	}
}

static enum command_line_outcome read_operand(struct command_line *line,
	const struct command *command, int count, char **arguments, struct reason *reason)
{
	int given = count - optind, least, most;

	count_operands(command->operand, &least, &most);
	if (given > most)
		return wrong_operand(reason, arguments[optind + most], "one argument too many");
	if (given < least)
		return wrong_operand(reason, command->operand, "missing");
	line->operand = given > 0 ? arguments[optind] : NULL;
	line->second = given > 1 ? arguments[optind + 1] : NULL;
	return COMMAND_LINE_RUN;
}

/* Whether the environment names a directory, for a command that takes one: the usual one may have
 * been named by the package. */
static bool names_directory(const struct command *command)
{
	const char *data = getenv("ROLLCALL_DATA");

	for (const char *const *name = command->options; *name != NULL; name++) {
		if (strcmp(*name, "data") == 0)
			return data != NULL && strcmp(data, OPTIONS_DATA_DEFAULT) != 0;
	}
	return false;
}

/* A command has one list. What the command line names counts before the environment; two in the
 * environment are refused, as by the server. */
static enum command_line_outcome choose_store(
	struct command_line *line, const struct command *command, struct reason *reason)
{
	const char *store = getenv("ROLLCALL_STORE");
	bool names_file = line->is_data_given || (line->operand != NULL && command->reads_file);

	if (line->is_store_given && names_file) {
		reason_set(reason, line->is_data_given ? "--store and --data exclude each other"
						       : "--store and FILE exclude each other");
		return COMMAND_LINE_WRONG;
	}
	if (line->is_store_given || names_file || store == NULL || *store == '\0')
		return COMMAND_LINE_RUN;
	if (names_directory(command)) {
		reason_set(reason, "ROLLCALL_STORE and ROLLCALL_DATA exclude each other");
		return COMMAND_LINE_WRONG;
	}
	line->store.url = store;
	return COMMAND_LINE_RUN;
}

enum command_line_outcome command_line_read(struct command_line *line,
	const struct command *command, int count, char **arguments, struct reason *reason)
{
	const char *data = getenv("ROLLCALL_DATA");
	const char *listen = getenv("ROLLCALL_LISTEN");
	const char *insecure = getenv("ROLLCALL_STORE_INSECURE");

	*line = (struct command_line){
		.data = OPTIONS_DATA_DEFAULT, .listen = listen != NULL ? listen : ENDPOINT_DEFAULT};
	if (data != NULL && !take_data(line, data, reason))
		return COMMAND_LINE_WRONG;
	if (insecure != NULL && !take_store_insecure(line, insecure, reason))
		return COMMAND_LINE_WRONG;
	line->is_data_given = false;
	enum command_line_outcome outcome =
		read_command_options(line, command, count, arguments, reason);
	if (outcome == COMMAND_LINE_RUN)
		outcome = read_operand(line, command, count, arguments, reason);
	return outcome == COMMAND_LINE_RUN ? choose_store(line, command, reason) : outcome;
}

void command_line_help(FILE *out, const struct command *command)
{
	fprintf(out, "usage: rollcall %s [OPTION]...%s%s\n\n%s.\n", command->name,
		command->operand != NULL ? " " : "",
		command->operand != NULL ? command->operand : "", command->summary);
	if (command->help != NULL)
		fprintf(out, "\n%s", command->help);
	fputs("\n  --help\n      this text\n", out);
	for (size_t i = 0; i < ROWS; i++) {
		if (takes_option(command, &rows[i]))
			fprintf(out, "\n  --%s%s%s\n      %s\n", rows[i].name,
				rows[i].value != NULL ? " " : "",
				rows[i].value != NULL ? rows[i].value : "", rows[i].help);
	}
	fputs("\nExit status: that of sysexits(3), 0 if all went well.\n", out);
}
