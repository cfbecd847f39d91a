#include "options/options.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "base/log.h"
#include "support/temporary_directory.h"
#include "support/test.h"

#define MOST_ARGUMENTS 8

/* One option that is a number. */
struct number_option {
	const char *name;
	const char *environment;
	size_t offset; /* in struct options */
	int64_t usual;
	int64_t least;
	int64_t most;
};

#define MEMBER(member) offsetof(struct options, member)

static const struct number_option numbers[] = {
	{"max-params", "ROLLCALL_MAX_PARAMS", MEMBER(max_params), LIMIT_PARAMS, 1024, 16777216},
	{"max-body", "ROLLCALL_MAX_BODY", MEMBER(max_body), LIMIT_BODY, 0, 16777216},
	{"max-connections", "ROLLCALL_MAX_CONNECTIONS", MEMBER(max_connections), LIMIT_CONNECTIONS,
		1, 1000000},
	{"max-streams", "ROLLCALL_MAX_STREAMS", MEMBER(max_streams), LIMIT_STREAMS, 0, 1000000},
	{"seats", "ROLLCALL_SEATS", MEMBER(seats), 0, 0, LIMIT_SEATS},
	{"max-users", "ROLLCALL_MAX_USERS", MEMBER(max_users), LIMIT_USERS, 1, 4000000000},
	{"page-size", "ROLLCALL_PAGE_SIZE", MEMBER(page_size), LIMIT_PAGE, 1, LIMIT_PAGE_MOST},
	{"workers", "ROLLCALL_WORKERS", MEMBER(workers), 2, 1, 64},
	{"request-timeout", "ROLLCALL_REQUEST_TIMEOUT", MEMBER(request_timeout), 10000, 1, 3600000},
	{"first-request-timeout", "ROLLCALL_FIRST_REQUEST_TIMEOUT", MEMBER(first_request_timeout),
		5000, 1, 3600000},
	{"idle-timeout", "ROLLCALL_IDLE_TIMEOUT", MEMBER(idle_timeout), 75000, 1, 86400000},
	{"stop-timeout", "ROLLCALL_STOP_TIMEOUT", MEMBER(stop_timeout), 8000, 1, 3600000},
	{"heartbeat", "ROLLCALL_HEARTBEAT", MEMBER(heartbeat), 15000, 10, 3600000},
	{"slow-request", "ROLLCALL_SLOW_REQUEST", MEMBER(slow_request), 500, 0, 3600000},
};

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

/* The others. */
static const struct {
	const char *name;
	const char *environment;
} words[] = {{"listen", "ROLLCALL_LISTEN"}, {"data", "ROLLCALL_DATA"},
	{"log-level", "ROLLCALL_LOG_LEVEL"}};

#define WORDS (sizeof(words) / sizeof(words[0]))

/* No test finds variables that another one, or the environment, has set. */
static int set_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < NUMBERS; i++)
		unsetenv(numbers[i].environment);
	for (size_t i = 0; i < WORDS; i++)
		unsetenv(words[i].environment);
	unsetenv("ROLLCALL_CONFIG");
	unsetenv("ROLLCALL_STORE");
	unsetenv("ROLLCALL_STORE_INSECURE");
	return 0;
}

/* What options_read() made of a command line. */
struct reading {
	struct options options;
	enum options_outcome outcome;
	struct reason reason;
	char *arguments[MOST_ARGUMENTS + 2];
};

/* Up to NULL; `given` must outlive the reading. */
static void read_given(struct reading *reading, char **given)
{
	static char program[] = "rollcall";
	int count = 0;

	memset(reading, 0, sizeof(*reading));
	reading->arguments[count++] = program;
	for (; *given != NULL; given++) {
		assert_true(count <= MOST_ARGUMENTS);
		reading->arguments[count++] = *given;
	}
	reading->outcome =
		options_read(&reading->options, count, reading->arguments, &reading->reason);
}

#define READ(reading, ...) read_given(reading, (char *[]){__VA_ARGS__, NULL})

static void expect_run(const struct reading *reading)
{
	if (reading->outcome != OPTIONS_RUN)
		fail_msg("refused: %s", reading->reason.text);
}

static void expect_wrong(const struct reading *reading, const char *reason)
{
	assert_int_equal(reading->outcome, OPTIONS_WRONG);
	assert_string_equal(reading->reason.text, reason);
}

static void expect_number(
	const struct reading *reading, const struct number_option *option, int64_t wanted)
{
	expect_run(reading);
	assert_int_equal(
		*(const int64_t *)((const char *)&reading->options + option->offset), wanted);
}

static void expect_defaults(const struct reading *reading)
{
	for (size_t i = 0; i < NUMBERS; i++)
		expect_number(reading, &numbers[i], numbers[i].usual);
	assert_string_equal(reading->options.listen, "unix:/run/rollcall/rollcall.sock");
	assert_string_equal(reading->options.data, "/var/lib/rollcall");
	assert_int_equal(reading->options.log_level, LOG_INFO);
}

TEST_WITH(set_up, NULL, times)
{
	struct reading reading;

	READ(&reading, "--opens=2026-12-05T18:00:00+01:00", "--closes=2026-12-05T18:00:00Z");
	expect_run(&reading);
	assert_int_equal(reading.options.opens, INT64_C(1796490000000));
	assert_int_equal(reading.options.closes, INT64_C(1796493600000));
	READ(&reading, "--closes=1796493600000");
	expect_wrong(&reading,
		"--closes: '1796493600000': expected a time such as 2026-12-05T18:00:00+01:00");
}

TEST_WITH(set_up, NULL, defaults)
{
	struct reading reading;

	READ(&reading, NULL);
	expect_run(&reading);
	expect_defaults(&reading);
	READ(&reading, "--");
	expect_run(&reading);
	expect_defaults(&reading);
}

/* Sets a number in each way there is, and looks that nothing else has changed. */
static void accept_number(const struct number_option *option, int64_t value)
{
	struct reading reading;
	char name[64], text[32], joined[96];

	snprintf(name, sizeof(name), "--%s", option->name);
	snprintf(text, sizeof(text), "%lld", (long long)value);
	snprintf(joined, sizeof(joined), "%s=%s", name, text);
	READ(&reading, name, text);
	expect_number(&reading, option, value);
	READ(&reading, joined);
	expect_number(&reading, option, value);
	setenv(option->environment, text, 1);
	READ(&reading, NULL);
	unsetenv(option->environment);
	expect_number(&reading, option, value);
	*(int64_t *)((char *)&reading.options + option->offset) = option->usual;
	expect_defaults(&reading);
}

static void refuse_number(const struct number_option *option, const char *text)
{
	struct reading reading;
	char joined[128];
	char wanted[512];

	snprintf(joined, sizeof(joined), "--%s=%s", option->name, text);
	snprintf(wanted, sizeof(wanted), "--%s: '%s': expected a whole number from %lld to %lld",
		option->name, text, (long long)option->least, (long long)option->most);
	READ(&reading, joined);
	expect_wrong(&reading, wanted);
	snprintf(wanted, sizeof(wanted), "%s: '%s': expected a whole number from %lld to %lld",
		option->environment, text, (long long)option->least, (long long)option->most);
	setenv(option->environment, text, 1);
	READ(&reading, NULL);
	unsetenv(option->environment);
	expect_wrong(&reading, wanted);
}

TEST_WITH(set_up, NULL, numbers)
{
	static const char *const none[] = {"", " ", "x", "1x", "1 ", " 1", "+1", "-1", "0x10",
		"1e3", "1.5", "9223372036854775808", "99999999999999999999"};
	char outside[32];

	for (size_t i = 0; i < NUMBERS; i++) {
		accept_number(&numbers[i], numbers[i].least);
		accept_number(&numbers[i], numbers[i].most);
		for (size_t k = 0; k < sizeof(none) / sizeof(none[0]); k++)
			refuse_number(&numbers[i], none[k]);
		snprintf(outside, sizeof(outside), "%lld", (long long)numbers[i].least - 1);
		refuse_number(&numbers[i], outside);
		snprintf(outside, sizeof(outside), "%lld", (long long)numbers[i].most + 1);
		refuse_number(&numbers[i], outside);
	}
}

TEST_WITH(set_up, NULL, words)
{
	struct reading reading;

	READ(&reading, "--listen", "tcp:127.0.0.1:9000", "--data=/srv/rollcall", "--log-level",
		"debug");
	expect_run(&reading);
	assert_string_equal(reading.options.listen, "tcp:127.0.0.1:9000");
	assert_string_equal(reading.options.data, "/srv/rollcall");
	assert_int_equal(reading.options.log_level, LOG_DEBUG);

	setenv("ROLLCALL_LISTEN", "/tmp/rollcall.sock", 1);
	setenv("ROLLCALL_DATA", "data", 1);
	setenv("ROLLCALL_LOG_LEVEL", "error", 1);
	READ(&reading, NULL);
	expect_run(&reading);
	assert_string_equal(reading.options.listen, "/tmp/rollcall.sock");
	assert_string_equal(reading.options.data, "data");
	assert_int_equal(reading.options.log_level, LOG_ERROR);
}

TEST_WITH(set_up, NULL, levels)
{
	struct reading reading;

	READ(&reading, "--log-level=warn");
	assert_int_equal(reading.options.log_level, LOG_WARN);
	READ(&reading, "--log-level=info");
	assert_int_equal(reading.options.log_level, LOG_INFO);
}

/* In both ways in. */
static void refuse_word(const char *name, const char *environment, const char *text)
{
	struct reading reading;
	char joined[256], start[256];

	snprintf(joined, sizeof(joined), "--%s=%s", name, text);
	snprintf(start, sizeof(start), "--%s: '%s': ", name, text);
	READ(&reading, joined);
	assert_int_equal(reading.outcome, OPTIONS_WRONG);
	assert_memory_equal(reading.reason.text, start, strlen(start));
	snprintf(start, sizeof(start), "%s: '%s': ", environment, text);
	setenv(environment, text, 1);
	READ(&reading, NULL);
	unsetenv(environment);
	assert_int_equal(reading.outcome, OPTIONS_WRONG);
	assert_memory_equal(reading.reason.text, start, strlen(start));
}

TEST_WITH(set_up, NULL, wrong_words)
{
	for (size_t i = 0; i < WORDS; i++)
		refuse_word(words[i].name, words[i].environment, "");
	refuse_word("listen", "ROLLCALL_LISTEN", "unix:");
	refuse_word("listen", "ROLLCALL_LISTEN", "tcp:localhost:9000");
	refuse_word("log-level", "ROLLCALL_LOG_LEVEL", "loud");
	refuse_word("log-level", "ROLLCALL_LOG_LEVEL", "Info");
	refuse_word("log-level", "ROLLCALL_LOG_LEVEL", "2");
}

TEST_WITH(set_up, NULL, base_paths)
{
	static char *const fine[] = {"", "/signup", "/a/b-c_d.e~9", "/..."};
	static const char *const wrong[] = {"/", "signup", "/signup/", "//", "/a//b", "/.", "/..",
		"/a/../b", "/a b", "/a?b", "/a%20b", "/\"", "/\303\244", "https://example.org/a"};
	struct reading reading;

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		READ(&reading, "--base-path", fine[i]);
		expect_run(&reading);
		assert_string_equal(reading.options.base_path, fine[i]);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refuse_word("base-path", "ROLLCALL_BASE_PATH", wrong[i]);
}

TEST_WITH(set_up, NULL, origins)
{
	static char *const fine[] = {
		"", "https://example.org", "http://a.test:8080", "https://[::1]"};
	static const char *const wrong[] = {"example.org", "https://example.org/",
		"https://example.org/signup", "ftp://example.org", "https://", "null",
		"https://a.test, https://b.test"};
	struct reading reading;

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		READ(&reading, "--origin", fine[i]);
		expect_run(&reading);
		assert_string_equal(reading.options.origin, fine[i]);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refuse_word("origin", "ROLLCALL_ORIGIN", wrong[i]);
}

/* The reason has a size, whatever the value has. */
TEST_WITH(set_up, NULL, long_values_are_cut)
{
	struct reading reading;
	char joined[1024] = "--page-size=";
	char wanted[512];

	memset(joined + strlen(joined), 'x', sizeof(joined) - strlen(joined) - 1);
	READ(&reading, joined);
	snprintf(wanted, sizeof(wanted),
		"--page-size: '%.60s…': expected a whole number from 1 to %d",
		joined + strlen("--page-size="), LIMIT_PAGE_MOST);
	expect_wrong(&reading, wanted);
	memset(joined + 2, 'x', sizeof(joined) - 3);
	READ(&reading, joined);
	snprintf(wanted, sizeof(wanted), "%.200s…: no such option", joined);
	expect_wrong(&reading, wanted);
}

TEST_WITH(set_up, NULL, command_line_wins)
{
	struct reading reading;

	setenv("ROLLCALL_PAGE_SIZE", "10", 1);
	setenv("ROLLCALL_WORKERS", "3", 1);
	setenv("ROLLCALL_DATA", "/environment", 1);
	setenv("ROLLCALL_LISTEN", "/environment/socket", 1);
	READ(&reading, "--page-size=20", "--data", "/argument");
	expect_run(&reading);
	assert_int_equal(reading.options.page_size, 20);
	assert_int_equal(reading.options.workers, 3);
	assert_string_equal(reading.options.data, "/argument");
	assert_string_equal(reading.options.listen, "/environment/socket");
}

TEST_WITH(set_up, NULL, the_last_of_two_counts)
{
	struct reading reading;

	READ(&reading, "--page-size=20", "--page-size=30");
	expect_run(&reading);
	assert_int_equal(reading.options.page_size, 30);
}

/* Somebody meant it, so it is said, even where it would not count. */
TEST_WITH(set_up, NULL, wrong_environment_is_refused_in_any_case)
{
	struct reading reading;

	setenv("ROLLCALL_PAGE_SIZE", "none", 1);
	READ(&reading, "--page-size=20");
	expect_wrong(&reading, "ROLLCALL_PAGE_SIZE: 'none': expected a whole number from 1 to 500");
	READ(&reading, "--page-size=0");
	expect_wrong(&reading, "--page-size: '0': expected a whole number from 1 to 500");
}

TEST_WITH(set_up, NULL, users_are_in_one_place)
{
	struct reading reading;

	READ(&reading, "--store", "postgresql:///list");
	expect_run(&reading);
	assert_string_equal(reading.options.store, "postgresql:///list");
	assert_int_equal(reading.options.store_insecure, 0);
	READ(&reading, "--store", "postgresql:///list", "--data", OPTIONS_DATA_DEFAULT);
	expect_run(&reading);
	READ(&reading, "--store", "postgresql:///list", "--data", "/srv/list");
	expect_wrong(&reading, "--data and --store: the users are in a directory or in a database, "
			       "not in both");
	READ(&reading, "--store", "postgresql:///list", "--new");
	expect_wrong(&reading, "--new is for a directory; 'rollcall migrate' prepares the database "
			       "of --store");
	setenv("ROLLCALL_STORE", "postgresql:///other", 1);
	READ(&reading, "--store=", "--data", "/srv/list", "--store-insecure=on");
	expect_run(&reading);
	assert_int_equal(reading.options.store_insecure, 1);
}

/* Neither an error nor a reload may bring a password into the log. */
TEST_WITH(set_up, NULL, no_address_of_a_database_is_shown)
{
	struct reading reading;
	char url[5000] = "postgresql://ada:secret@host/";

	memset(url + strlen(url), 'x', sizeof(url) - strlen(url) - 1);
	READ(&reading, "--store", url);
	expect_wrong(&reading, "--store: too long");
	setenv("ROLLCALL_STORE", url, 1);
	READ(&reading, NULL);
	expect_wrong(&reading, "ROLLCALL_STORE: too long");
}

TEST_WITH(set_up, NULL, a_value_is_missing)
{
	struct reading reading;
	char name[64];
	char wanted[512];

	for (size_t i = 0; i < NUMBERS + WORDS; i++) {
		snprintf(name, sizeof(name), "--%s",
			i < NUMBERS ? numbers[i].name : words[i - NUMBERS].name);
		snprintf(wanted, sizeof(wanted), "%s: a value is missing", name);
		READ(&reading, name);
		expect_wrong(&reading, wanted);
		READ(&reading, "--page-size", "20", name);
		expect_wrong(&reading, wanted);
	}
}

TEST_WITH(set_up, NULL, no_such_option)
{
	struct reading reading;

	READ(&reading, "--nonsense");
	expect_wrong(&reading, "--nonsense: no such option");
	READ(&reading, "--workers=1", "--nonsense=1", "--page-size=1");
	expect_wrong(&reading, "--nonsense=1: no such option");
	READ(&reading, "-x");
	expect_wrong(&reading, "-x: no such option");
	READ(&reading, "-xy");
	expect_wrong(&reading, "-xy: no such option");
	READ(&reading, "--help=me");
	expect_wrong(&reading, "--help=me: no such option");
}

TEST_WITH(set_up, NULL, not_an_option)
{
	struct reading reading;

	READ(&reading, "stray");
	expect_wrong(&reading, "stray: not an option");
	READ(&reading, "--workers=1", "stray", "--page-size=1");
	expect_wrong(&reading, "stray: not an option");
	READ(&reading, "--", "--workers=1");
	expect_wrong(&reading, "--workers=1: not an option");
	READ(&reading, "");
	expect_wrong(&reading, ": not an option");
}

/* Also where the environment is wrong: it may be what the help is wanted for. */
/* A setting that lasts would defeat it. */
TEST_WITH(set_up, NULL, new_is_heard_on_the_command_line_only)
{
	struct options options;
	struct reason reason;
	char *with[] = {"rollcall", "--new", "--page-size", "7", NULL};
	char *without[] = {"rollcall", NULL};

	assert_int_equal(options_read(&options, 4, with, &reason), OPTIONS_RUN);
	assert_true(options.makes_list);
	assert_int_equal(options.page_size, 7);
	setenv("ROLLCALL_NEW", "1", 1);
	assert_int_equal(options_read(&options, 1, without, &reason), OPTIONS_RUN);
	assert_false(options.makes_list);
	unsetenv("ROLLCALL_NEW");
}

TEST_WITH(set_up, NULL, help_and_version)
{
	struct reading reading;

	setenv("ROLLCALL_WORKERS", "none", 1);
	READ(&reading, "--help");
	assert_int_equal(reading.outcome, OPTIONS_HELP);
	READ(&reading, "--version");
	assert_int_equal(reading.outcome, OPTIONS_VERSION);
	READ(&reading, "--workers=1", "--version", "--help");
	assert_int_equal(reading.outcome, OPTIONS_VERSION);
}

static void expect_explained(const char *help, const char *name, const char *environment)
{
	char line[96];

	snprintf(line, sizeof(line), "\n  --%s ", name);
	const char *option = strstr(help, line);
	snprintf(line, sizeof(line), "\n      environment: %s\n", environment);
	const char *variable = strstr(help, line);
	if (option == NULL || variable == NULL || variable < option)
		fail_msg("--%s, %s is not in: %s", name, environment, help);
	const char *next = strstr(option + 1, "\n  --");
	assert_true(next == NULL || variable < next);
}

TEST_WITH(set_up, NULL, help_explains_every_option)
{
	char *help = NULL;
	size_t length;
	FILE *out = open_memstream(&help, &length);

	assert_non_null(out);
	options_help(out);
	assert_int_equal(fclose(out), 0);
	assert_non_null(help);
	for (size_t i = 0; i < NUMBERS; i++)
		expect_explained(help, numbers[i].name, numbers[i].environment);
	for (size_t i = 0; i < WORDS; i++)
		expect_explained(help, words[i].name, words[i].environment);
	assert_non_null(strstr(help, "\n  --help "));
	assert_non_null(strstr(help, "\n  --version "));
	assert_non_null(strstr(help, "(unix:/run/rollcall/rollcall.sock)\n"));
	assert_non_null(strstr(help, "(75000)\n"));
	assert_int_equal(help[length - 1], '\n');
	free(help);
}

/* The file of settings is the least of the three. */
TEST_WITH(set_up, NULL, a_file_of_settings)
{
	struct temporary_directory directory;
	struct reading reading;
	char path[128];

	temporary_directory_make(&directory);
	snprintf(path, sizeof(path), "%s/settings", directory.path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("# of everything\nROLLCALL_PAGE_SIZE=\"10\"\nROLLCALL_WORKERS=3\n"
	      "ROLLCALL_MAX_USERS=4\nROLLCALL_DATA=/of/the/file\nPATH=/x\n",
		file);
	assert_int_equal(fclose(file), 0);
	setenv("ROLLCALL_WORKERS", "4", 1);
	setenv("ROLLCALL_MAX_USERS", "5", 1);
	setenv("ROLLCALL_CONFIG", "/nowhere", 1);
	READ(&reading, "--config", path, "--max-users", "6");
	expect_run(&reading);
	assert_string_equal(reading.options.config, path);
	assert_string_equal(reading.options.data, "/of/the/file");
	assert_int_equal(reading.options.page_size, 10);
	assert_int_equal(reading.options.workers, 4);
	assert_int_equal(reading.options.max_users, 6);
	setenv("ROLLCALL_CONFIG", path, 1);
	READ(&reading, "--data", "/d");
	expect_run(&reading);
	assert_string_equal(reading.options.data, "/d");
	assert_int_equal(reading.options.page_size, 10);
	READ(&reading, "--config=");
	expect_run(&reading);
	assert_int_equal(reading.options.page_size, LIMIT_PAGE);
	temporary_directory_remove(&directory);
}

TEST_WITH(set_up, NULL, a_file_that_is_not_there)
{
	struct reading reading;

	READ(&reading, "--config", "/nowhere/settings");
	expect_wrong(
		&reading, "cannot read settings from /nowhere/settings: No such file or directory");
	READ(&reading, "--config", "-/nowhere/settings");
	expect_run(&reading);
	READ(&reading, "--config", "/nowhere/settings", "--help");
	assert_int_equal(reading.outcome, OPTIONS_HELP);
}

/* getopt_long() stood within letters in a row. */
TEST_WITH(set_up, NULL, after_a_reading_that_ended_halfway)
{
	struct reading reading;

	READ(&reading, "-xh");
	expect_wrong(&reading, "-xh: no such option");
	READ(&reading, "--log-level", "warn");
	expect_run(&reading);
	assert_int_equal(reading.options.log_level, LOG_WARN);
}

/* option_change_cb */
static void note_change(void *argument, const struct option_change *change)
{
	char *notes = argument;

	sprintf(notes + strlen(notes), "%s:%s>%s%s ", change->name, change->from, change->to,
		change->is_live ? "" : "!");
}

TEST_WITH(set_up, NULL, comparing)
{
	struct reading now, fresh;
	char notes[256] = "";

	READ(&now, "--workers", "3");
	READ(&fresh, "--data", "/d", "--log-level", "warn", "--page-size", "7");
	options_compare(&now.options, &fresh.options, note_change, notes);
	assert_string_equal(notes, "data:" OPTIONS_DATA_DEFAULT
				   ">/d! page-size:50>7 workers:3>2! log-level:info>warn ");
	assert_string_equal(fresh.options.data, OPTIONS_DATA_DEFAULT);
	assert_int_equal(fresh.options.workers, 3);
	assert_int_equal(fresh.options.page_size, 7);
	assert_int_equal(fresh.options.log_level, LOG_WARN);
	*notes = '\0';
	READ(&fresh, "--workers", "3", "--store", "postgresql://ada:secret@host/list");
	options_compare(&now.options, &fresh.options, note_change, notes);
	assert_string_equal(notes, "store:>(not shown)! ");
	assert_string_equal(fresh.options.store, "");
	*notes = '\0';
	options_compare(&now.options, &now.options, note_change, notes);
	assert_string_equal(notes, "");
}

static void expect_change(const char *argument, const char *note)
{
	struct reading now, fresh;
	char given[64], notes[256] = "";

	snprintf(given, sizeof(given), "%s", argument);
	READ(&now, NULL);
	READ(&fresh, given);
	expect_run(&fresh);
	options_compare(&now.options, &fresh.options, note_change, notes);
	assert_string_equal(notes, note);
}

/* Of each option by itself: its default and another value, and whether that needs a restart. */
TEST_WITH(set_up, NULL, comparing_each)
{
	static const struct {
		const char *argument;
		const char *note;
	} changes[] = {
		{"--config=-/nowhere/settings", "config:>-/nowhere/settings! "},
		{"--listen=tcp:127.0.0.1:9000",
			"listen:unix:/run/rollcall/rollcall.sock>tcp:127.0.0.1:9000! "},
		{"--data=/d", "data:/var/lib/rollcall>/d! "},
		{"--store=postgresql:///x", "store:>(not shown)! "},
		{"--store-insecure=on", "store-insecure:off>on! "},
		{"--www=/w", "www:/usr/share/rollcall/www>/w "},
		{"--base-path=/signup", "base-path:>/signup! "},
		{"--origin=https://example.org", "origin:>https://example.org! "},
		{"--title=Workshop", "title:Sign-up sheet>Workshop "},
		{"--intro=Come", "intro:>Come "},
		{"--contact=Ann", "contact:>Ann "},
		{"--privacy=None", "privacy:>None "},
		{"--opens=2026-12-05T18:00:00+01:00", "opens:>2026-12-05T17:00:00.000Z "},
		{"--closes=2026-12-05T18:00:00Z", "closes:>2026-12-05T18:00:00.000Z "},
		{"--waiting-list=on", "waiting-list:off>on "},
		{"--admin=on", "admin:off>on "},
		{"--public-export=on", "public-export:off>on "},
		{"--server-timing=on", "server-timing:off>on "},
		{"--log-level=debug", "log-level:info>debug "},
	};
	char argument[64], note[128];

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		expect_change(changes[i].argument, changes[i].note);
	for (size_t i = 0; i < NUMBERS; i++) {
		const struct number_option *option = &numbers[i];
		int64_t other = option->usual != option->least ? option->least : option->least + 1;
		snprintf(argument, sizeof(argument), "--%s=%" PRId64, option->name, other);
		snprintf(note, sizeof(note), "%s:%" PRId64 ">%" PRId64 "%s ", option->name,
			option->usual, other, strcmp(option->name, "workers") == 0 ? "!" : "");
		expect_change(argument, note);
	}
}

/* What is said of a value that is none. */
TEST_WITH(set_up, NULL, wrong_values)
{
	static const struct {
		const char *argument;
		const char *reason;
	} values[] = {
		{"--seats=x", "--seats: 'x': expected a whole number from 0 to 4000000000"},
		{"--workers=65", "--workers: '65': expected a whole number from 1 to 64"},
		{"--admin=yes", "--admin: 'yes': expected on or off"},
		{"--log-level=loud", "--log-level: 'loud': expected error, warn, info or debug"},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct reading reading;
		char argument[64];
		snprintf(argument, sizeof(argument), "%s", values[i].argument);
		READ(&reading, argument);
		expect_wrong(&reading, values[i].reason);
	}
}
