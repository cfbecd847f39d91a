/* SIGHUP: the file of settings is read again, all of it or nothing, and what can change while the
 * program runs does. */
#include "protocol/protocol.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "support/temporary_directory.h"

/* A file of settings, and the program that goes by it. */
struct configured {
	struct temporary_directory directory;
	char path[128];
	char option[160];
	struct daemon *daemon;
};

static void write_settings(const struct configured *configured, const char *text)
{
	FILE *file = fopen(configured->path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* `mark` comes before the path. */
static void prepare(struct configured *configured, const char *mark)
{
	temporary_directory_make(&configured->directory);
	snprintf(configured->path, sizeof(configured->path), "%s/rollcall",
		configured->directory.path);
	snprintf(configured->option, sizeof(configured->option), "--config=%s%s", mark,
		configured->path);
}

static void start(struct configured *configured, const char *text, const char *option)
{
	prepare(configured, "");
	write_settings(configured, text);
	configured->daemon =
		daemon_start(&(struct daemon_setup){.options = {configured->option, option}});
}

static void finish(struct configured *configured)
{
	daemon_finish(configured->daemon);
	temporary_directory_remove(&configured->directory);
}

static void expect_part(const char *line, const char *part)
{
	if (strstr(line, part) == NULL)
		fail_msg("no '%s' in: %s", part, line);
}

/* Puts other settings there, and waits until they count; so many of them changed. */
static void reload(struct configured *configured, const char *text, const char *changes)
{
	write_settings(configured, text);
	daemon_signal(configured->daemon, SIGHUP);
	expect_part(daemon_wait_event(configured->daemon, "reloaded"), changes);
}

static struct fcgi_client *connect_to(const struct configured *configured)
{
	return client_open(daemon_address(configured->daemon));
}

static unsigned post(struct fcgi_client *client, const char *body)
{
	return client_ask(client, &(struct web_request){RECORDS_CREATE_USER(body)})->status;
}

DAEMON_TEST_BARE(page_size)
{
	struct configured configured;

	start(&configured, "ROLLCALL_PAGE_SIZE=1\n", NULL);
	struct fcgi_client *client = connect_to(&configured);
	assert_int_equal(post(client, "username=Ada"), 303);
	assert_int_equal(post(client, "username=Bob"), 303);
	assert_false(client_finds(client, "/users", ">Ada<"));
	reload(&configured, "ROLLCALL_PAGE_SIZE=2\n", " changes=1");
	assert_true(client_finds(client, "/users", ">Ada<"));
	reload(&configured, "", " changes=1");
	assert_true(client_finds(client, "/users", ">Ada<"));
	reload(&configured, "ROLLCALL_PAGE_SIZE=1\n", " changes=1");
	assert_false(client_finds(client, "/users", ">Ada<"));
	client_close(client);
	finish(&configured);
}

DAEMON_TEST_BARE(what_changed_is_in_the_log)
{
	struct configured configured;

	start(&configured, "ROLLCALL_LOG_LEVEL=debug\n", NULL);
	write_settings(&configured, "ROLLCALL_LOG_LEVEL=error\n");
	daemon_signal(configured.daemon, SIGHUP);
	expect_part(daemon_wait_event(configured.daemon, "setting-changed"),
		" name=log-level from=debug to=error");
	expect_part(daemon_wait_event(configured.daemon, "reloaded"), " changes=1");
	reload(&configured, "ROLLCALL_LOG_LEVEL=info\n", " changes=1");
	reload(&configured, "ROLLCALL_LOG_LEVEL=info\n", " changes=0");
	finish(&configured);
}

DAEMON_TEST_BARE(limits)
{
	struct configured configured;

	start(&configured, "ROLLCALL_MAX_USERS=1\nROLLCALL_MAX_BODY=100\n", NULL);
	struct fcgi_client *client = connect_to(&configured);
	assert_int_equal(post(client, "username=Ada"), 303);
	assert_int_equal(post(client, "username=Bob"), 409);
	reload(&configured, "ROLLCALL_MAX_USERS=2\nROLLCALL_MAX_BODY=10\n", " changes=2");
	struct fcgi_client *fresh = connect_to(&configured);
	assert_int_equal(post(fresh, "username=Bob"), 413);
	assert_int_equal(post(client, "username=Bob"), 303);
	client_close(fresh);
	client_close(client);
	finish(&configured);
}

DAEMON_TEST_BARE(times)
{
	struct configured configured;

	start(&configured, "", NULL);
	struct fcgi_client *client = connect_to(&configured);
	reload(&configured,
		"ROLLCALL_IDLE_TIMEOUT=1\nROLLCALL_REQUEST_TIMEOUT=9999\nROLLCALL_STOP_TIMEOUT="
		"9999\n",
		" changes=3");
	assert_int_equal(client_get(client, "/"), 200);
	client_expect_closed(client);
	client_close(client);
	finish(&configured);
}

DAEMON_TEST_BARE(streams)
{
	struct configured configured;

	start(&configured, "ROLLCALL_HEARTBEAT=3600000\n", NULL);
	struct fcgi_client *client = connect_to(&configured);
	struct buffer records = {0};
	struct record record;
	records_request(&records, &(struct web_request){.path = "/users/events"});
	client_send(client, &records);
	assert_true(client_read_record(client, &record));
	reload(&configured, "ROLLCALL_HEARTBEAT=10\nROLLCALL_MAX_STREAMS=0\n", " changes=2");
	assert_true(client_read_record(client, &record)); /* a sign of life */
	struct fcgi_client *other = connect_to(&configured);
	assert_int_equal(client_get(other, "/users/events"), 503);
	client_close(other);
	client_close(client);
	buffer_free(&records);
	finish(&configured);
}

/* Asks for a stream; the answer begins so. */
static struct fcgi_client *follow(const struct configured *configured, const char *beginning)
{
	struct fcgi_client *client = connect_to(configured);
	struct buffer records = {0};
	struct record record;

	records_request(&records, &(struct web_request){.path = "/users/events"});
	client_send(client, &records);
	buffer_free(&records);
	assert_true(client_read_record(client, &record));
	assert_true(record.length > strlen(beginning));
	assert_memory_equal(record.content, beginning, strlen(beginning));
	return client;
}

DAEMON_TEST_BARE(streams_have_half_of_the_connections)
{
	struct configured configured;

	start(&configured, "ROLLCALL_MAX_CONNECTIONS=4\nROLLCALL_MAX_STREAMS=1\n", NULL);
	struct fcgi_client *first = follow(&configured, "Status: 200");
	reload(&configured, "ROLLCALL_MAX_CONNECTIONS=4\nROLLCALL_MAX_STREAMS=100\n", " changes=1");
	struct fcgi_client *second = follow(&configured, "Status: 200");
	client_close(follow(&configured, "Status: 503"));
	client_close(second);
	client_close(first);
	finish(&configured);
}

DAEMON_TEST_BARE(a_place_for_one_more_connection)
{
	struct configured configured;

	start(&configured, "ROLLCALL_MAX_CONNECTIONS=1\n", NULL);
	struct fcgi_client *first = connect_to(&configured);
	struct fcgi_client *second = connect_to(&configured);
	daemon_wait_event(configured.daemon, "accept-paused");
	reload(&configured, "ROLLCALL_MAX_CONNECTIONS=2\n", " changes=1");
	assert_int_equal(client_get(second, "/"), 200);
	client_close(second);
	client_close(first);
	finish(&configured);
}

DAEMON_TEST_BARE(what_needs_a_restart_is_named)
{
	struct configured configured;

	start(&configured, "ROLLCALL_WORKERS=2\n", NULL);
	write_settings(&configured, "ROLLCALL_WORKERS=3\nROLLCALL_PAGE_SIZE=7\n");
	daemon_signal(configured.daemon, SIGHUP);
	expect_part(daemon_wait_event(configured.daemon, "setting-changed"),
		" name=page-size from=50 to=7");
	expect_part(daemon_wait_event(configured.daemon, "setting-needs-restart"),
		" name=workers from=2 to=3");
	expect_part(daemon_wait_event(configured.daemon, "reloaded"), " changes=1");
	reload(&configured, "ROLLCALL_WORKERS=2\nROLLCALL_PAGE_SIZE=7\n", " changes=0");
	finish(&configured);
}

DAEMON_TEST_BARE(a_file_with_a_fault_changes_nothing)
{
	static const struct {
		const char *text;
		const char *reason;
	} faults[] = {
		{"ROLLCALL_MAX_USERS=1\nROLLCALL_PAGE_SIZE=x\n",
			"/rollcall:2: ROLLCALL_PAGE_SIZE: 'x': expected a whole number from 1 to "
			"500"},
		{"ROLLCALL_MAX_USERS=1\n\nROLLCALL_COLOUR=red\n",
			"/rollcall:3: ROLLCALL_COLOUR: no such setting"},
		{"ROLLCALL_MAX_USERS=1\nROLLCALL_CONFIG=/x\n",
			"/rollcall:2: ROLLCALL_CONFIG: no such setting"},
		{"ROLLCALL_MAX_USERS=1\nnonsense\n", "/rollcall:2: expected NAME=value"},
	};
	struct configured configured;

	start(&configured, "ROLLCALL_MAX_USERS=2\n", NULL);
	struct fcgi_client *client = connect_to(&configured);
	assert_int_equal(post(client, "username=Ada"), 303);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		write_settings(&configured, faults[i].text);
		daemon_signal(configured.daemon, SIGHUP);
		expect_part(
			daemon_wait_event(configured.daemon, "reload-failed"), faults[i].reason);
	}
	assert_int_equal(unlink(configured.path), 0);
	daemon_signal(configured.daemon, SIGHUP);
	expect_part(
		daemon_wait_event(configured.daemon, "reload-failed"), "No such file or directory");
	assert_int_equal(post(client, "username=Bob"), 303);
	client_close(client);
	finish(&configured);
}

DAEMON_TEST_BARE(the_command_line_counts_first)
{
	struct configured configured;

	start(&configured, "ROLLCALL_PAGE_SIZE=3\n", "--page-size=5");
	reload(&configured, "ROLLCALL_PAGE_SIZE=4\nOTHER=1\n", " changes=0");
	finish(&configured);
}

/* As the unit for systemd has it. */
DAEMON_TEST_BARE(a_file_that_may_be_missing)
{
	struct configured configured;

	prepare(&configured, "-");
	configured.daemon = daemon_start(&(struct daemon_setup){.options = {configured.option}});
	reload(&configured, "ROLLCALL_PAGE_SIZE=3\n", " changes=1");
	assert_int_equal(unlink(configured.path), 0);
	daemon_signal(configured.daemon, SIGHUP);
	expect_part(daemon_wait_event(configured.daemon, "setting-changed"), " from=3 to=50");
	finish(&configured);
}

static void expect_no_start(struct configured *configured, const char *reason)
{
	struct daemon *daemon =
		daemon_launch(&(struct daemon_setup){.options = {configured->option}});

	assert_int_equal(daemon_exit_status(daemon), 2);
	expect_part(daemon_log(daemon), reason);
	daemon_discard(daemon);
}

DAEMON_TEST_BARE(no_start_with_a_fault)
{
	struct configured configured;

	prepare(&configured, "");
	expect_no_start(&configured, "/rollcall: No such file or directory\n");
	write_settings(&configured, "# none\nROLLCALL_WORKERS=0\n");
	expect_no_start(&configured, "/rollcall:2: ROLLCALL_WORKERS: '0': expected a whole number");
	temporary_directory_remove(&configured.directory);
}

/* However often it is asked for, every request is answered and the last file counts. */
DAEMON_TEST_BARE(under_load)
{
	struct configured configured;

	start(&configured, "ROLLCALL_PAGE_SIZE=1\n", NULL);
	struct fcgi_client *client = connect_to(&configured);
	for (unsigned i = 0; i < 500; i++) {
		struct buffer records = {0};
		write_settings(&configured,
			i % 2 == 0 ? "ROLLCALL_PAGE_SIZE=2\n" : "ROLLCALL_PAGE_SIZE=1\n");
		daemon_signal(configured.daemon, SIGHUP);
		records_sign_up(&records, "user", i);
		client_send(client, &records);
		assert_int_equal(client_read_answer(client, 1)->status, 303);
		buffer_free(&records);
		daemon_keep_up(configured.daemon);
	}
	write_settings(&configured, "ROLLCALL_PAGE_SIZE=499\n");
	daemon_signal(configured.daemon, SIGHUP);
	while (strstr(daemon_wait_event(configured.daemon, "setting-changed"), " to=499") == NULL)
		;
	daemon_wait_event(configured.daemon, "reloaded");
	client_close(client);
	finish(&configured);
}
