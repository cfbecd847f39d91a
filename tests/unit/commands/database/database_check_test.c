/* All that a check prints: of a good list, of one that was tampered with, and of a server that is
 * not set to keep it. */
#include "commands/database/database_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "commands/database/database_users.h"
#include "store/names/username.h"
#include "support/test.h"
#include "support/unit/captured_output.h"
#include "support/unit/test_database.h"

struct fixture {
	struct test_database database;
	struct database_place place;
	struct captured_output out;
	char wanted[8192];
};

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));
	char sql[128];

	test_database_make(&fixture->database);
	fixture->place.url = fixture->database.url;
	snprintf(sql, sizeof(sql), "UPDATE rollcall.state SET unicode = '%s'",
		username_unicode_version());
	test_database_run(&fixture->database, sql);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	test_database_remove(&fixture->database);
	test_free(fixture);
	return 0;
}

static void add_user(struct fixture *fixture, const char *name)
{
	struct database_user user = {.number = 0};

	if (database_add(&fixture->place, name, &user) != EX_OK)
		fail_msg("%s was not added", name);
	buffer_free(&user.name);
}

/* Five, three of whom have two rows of looks each. */
static void add_five(struct fixture *fixture)
{
	static const char *const names[] = {
		"Zo\u00eb", "Ann", "\u0421\u043e\u0440\u043e", "bob", "\u039f\u03b9"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_user(fixture, names[i]);
}

static void want(struct fixture *fixture, const char *text)
{
	size_t length = strlen(fixture->wanted);

	snprintf(fixture->wanted + length, sizeof(fixture->wanted) - length, "%s", text);
}

/* The server of the tests is as careless as it says. */
#define CARELESS                                                                                   \
	"warning: fsync is off: a crash of the machine can lose or damage the list\n"              \
	"warning: full_page_writes is off: a crash of the machine can damage the list\n"
#define ALONE                                                                                      \
	"warning: synchronous_standby_names is empty: no standby confirms users: those "           \
	"acknowledged last are lost with this server\n"

static void run_check(struct fixture *fixture, int status)
{
	captured_output_begin(&fixture->out, stdout);
	int ended = database_check(&fixture->place);
	captured_output_end(&fixture->out);
	if (ended != status || strcmp(fixture->out.text, fixture->wanted) != 0)
		fail_msg("status %d:\n%s\nand not %d:\n%s", ended, fixture->out.text, status,
			fixture->wanted);
}

/* `head`: the first lines, up to that of Unicode; `wrong`: the lines behind them. */
static void expect_checked(
	struct fixture *fixture, const char *head, const char *wrong, const char *settings)
{
	char text[256];

	fixture->wanted[0] = '\0';
	want(fixture, head);
	snprintf(text, sizeof(text), "unicode: %s (this program: %s)\n", username_unicode_version(),
		username_unicode_version());
	want(fixture, text);
	want(fixture, wrong);
	want(fixture, settings);
	if (*wrong == '\0') {
		snprintf(text, sizeof(text), "postgresql://postgres@%s:5432/%s is good\n",
			test_database_variable("DATABASE_SOCKETS"), fixture->database.name);
		want(fixture, text);
	}
	run_check(fixture, *wrong == '\0' ? EX_OK : EX_DATAERR);
}

#define FIVE "users: 5\nnext number: 6\nschema: 1\n"

FIXTURE_TEST(one_thing_is_wrong)
{
	static const struct {
		const char *sql;
		const char *head;
		const char *wrong;
	} cases[] = {
		{"SELECT", FIVE, ""},
		{"UPDATE rollcall.state SET users = 6", "users: 6\nnext number: 6\nschema: 1\n",
			"wrong: the number of users: 6, but it is 5 by the users\n"},
		{"UPDATE rollcall.state SET newest = 4", FIVE,
			"wrong: the newest user: 4, but it is 5 by the users\n"},
		{"UPDATE rollcall.state SET next_number = 5",
			"users: 5\nnext number: 5\nschema: 1\n",
			"wrong: the next number, 5, has been given to a user\n"},
		{"UPDATE rollcall.state SET next_number = 7",
			"users: 5\nnext number: 7\nschema: 1\n", ""},
		{"UPDATE rollcall.state SET seats = 6", FIVE, ""},
		{"UPDATE rollcall.state SET seats = 5", FIVE, ""},
		{"UPDATE rollcall.state SET seats = 4, last_seat = 4", FIVE, ""},
		{"UPDATE rollcall.state SET seats = 4", FIVE,
			"wrong: the user with the last seat: 0, but it is 4 by the users\n"},
		{"UPDATE rollcall.state SET seats = 2, last_seat = 3", FIVE,
			"wrong: the user with the last seat: 3, but it is 2 by the users\n"},
		{"UPDATE rollcall.state SET letters = letters || 'q'", FIVE,
			"wrong: there are letters that no name begins with\n"},
		{"UPDATE rollcall.state SET letters = replace(letters, 'z', '')", FIVE,
			"wrong: letters that names begin with are missing\n"},
		{"UPDATE rollcall.state SET letters = ''", FIVE,
			"wrong: letters that names begin with are missing\n"},
		{"INSERT INTO rollcall.words VALUES (0, 'x', 0, 2, 0)", FIVE,
			"wrong: words for searches: 7, but it is 6 by the users\n"},
		{"DELETE FROM rollcall.words WHERE number = 1 AND form = 1", FIVE,
			"wrong: user 1 lacks the words for searches of the name\n"
			"wrong: words for searches: 5, but it is 6 by the users\n"},
		{"INSERT INTO rollcall.looks VALUES (1, 2, true, 0)", FIVE,
			"wrong: looks of names: 7, but it is 6 by the users\n"},
		{"UPDATE rollcall.looks SET is_latin = NOT is_latin WHERE number = 3", FIVE,
			"wrong: user 3 lacks the looks of the name\n"},
		{"UPDATE rollcall.users SET key = 'z' WHERE number = 1", FIVE,
			"wrong: user 1, Zo\u00eb, has the key of another name\n"},
		{"UPDATE rollcall.users SET key = 'bobb' WHERE number = 4", FIVE,
			"wrong: user 4, bob, has the key of another name\n"},
		{"ALTER TABLE rollcall.nodes SET UNLOGGED", FIVE,
			"wrong: the table nodes is unlogged: it is empty after a crash\n"},
	};

	add_five(fixture);
	test_database_run(&fixture->database, "CREATE TABLE users AS TABLE rollcall.users; "
					      "CREATE TABLE words AS TABLE rollcall.words; "
					      "CREATE TABLE looks AS TABLE rollcall.looks; "
					      "CREATE TABLE state AS TABLE rollcall.state");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		test_database_run(&fixture->database, cases[i].sql);
		expect_checked(fixture, cases[i].head, cases[i].wrong, CARELESS ALONE);
		test_database_run(&fixture->database,
			"TRUNCATE rollcall.users, rollcall.words, rollcall.looks, rollcall.state; "
			"INSERT INTO rollcall.users TABLE users; "
			"INSERT INTO rollcall.words TABLE words; "
			"INSERT INTO rollcall.looks TABLE looks; "
			"INSERT INTO rollcall.state TABLE state");
	}
}

/* Twenty of each kind are told of, and how many more there are. */
FIXTURE_TEST(more_is_wrong_than_is_told)
{
	static const struct {
		const char *sql;
		bool has_name; /* the line has */
		const char *line;
		const char *rest;
		const char *counts[2]; /* of 20 and 21 users */
	} kinds[] = {
		{"UPDATE rollcall.users SET key = key || 'x'", true, "has the key of another name",
			"wrong: 1 more users lack the keys of their names\n", {"", ""}},
		{"UPDATE rollcall.users SET key = convert_to(name, 'UTF8');"
		 "UPDATE rollcall.words SET rank = rank + 2",
			false, "lacks the words for searches of the name",
			"wrong: 1 more users lack the words for searches of their names\n",
			{"", ""}},
		{"UPDATE rollcall.words SET rank = rank - 2; DELETE FROM rollcall.looks", false,
			"lacks the looks of the name",
			"wrong: 1 more users lack the looks of their names\n",
			{"wrong: looks of names: 0, but it is 40 by the users\n",
				"wrong: looks of names: 0, but it is 42 by the users\n"}},
	};
	char name[64] = "\u043e", line[128], wrong[4096], head[64];

	for (int users = 1; users <= 21; users++, strcat(name, "\u043e")) {
		add_user(fixture, name);
		if (users < 20)
			continue;
		test_database_run(&fixture->database, "CREATE TABLE kept AS TABLE rollcall.looks");
		snprintf(head, sizeof(head), "users: %d\nnext number: %d\nschema: 1\n", users,
			users + 1);
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			test_database_run(&fixture->database, kinds[i].sql);
			wrong[0] = '\0';
			for (int number = 1; number <= 20; number++) {
				const char *shown = name + strlen(name) - 2 * (size_t)number;
				snprintf(line, sizeof(line), "wrong: user %d%s%s%s %s\n", number,
					kinds[i].has_name ? ", " : "",
					kinds[i].has_name ? shown : "",
					kinds[i].has_name ? "," : "", kinds[i].line);
				strcat(wrong, line);
			}
			strcat(wrong, users > 20 ? kinds[i].rest : "");
			strcat(wrong, kinds[i].counts[users - 20]);
			expect_checked(fixture, head, wrong, CARELESS ALONE);
		}
		test_database_run(&fixture->database,
			"INSERT INTO rollcall.looks TABLE kept; DROP TABLE kept");
	}
}

FIXTURE_TEST(what_the_server_is_not_set_to_do)
{
	char sql[256];

	add_five(fixture);
	snprintf(sql, sizeof(sql), "ALTER DATABASE %s SET synchronous_commit = local",
		fixture->database.name);
	test_database_run(&fixture->database, sql);
	expect_checked(fixture, FIVE, "",
		CARELESS "warning: synchronous_commit is local: the roles of the servers set it "
			 "to on, or what was acknowledged can be lost\n" ALONE);
	snprintf(sql, sizeof(sql), "ALTER DATABASE %s SET synchronous_commit = remote_apply",
		fixture->database.name);
	test_database_run(&fixture->database, sql);
	expect_checked(fixture, FIVE, "", CARELESS ALONE);
}

static void expect_unicode(
	struct fixture *fixture, const char *unicode, const char *shown, const char *warning)
{
	char sql[128], text[256];

	snprintf(sql, sizeof(sql), "UPDATE rollcall.state SET unicode = '%s'", unicode);
	test_database_run(&fixture->database, sql);
	fixture->wanted[0] = '\0';
	want(fixture, FIVE);
	snprintf(text, sizeof(text), "unicode: %s (this program: %s)\n%s", shown,
		username_unicode_version(), warning);
	want(fixture, text);
	want(fixture, CARELESS ALONE);
	snprintf(text, sizeof(text), "postgresql://postgres@%s:5432/%s is good\n",
		test_database_variable("DATABASE_SOCKETS"), fixture->database.name);
	want(fixture, text);
	run_check(fixture, EX_OK);
}

FIXTURE_TEST(other_tables_of_unicode)
{
	add_five(fixture);
	expect_unicode(fixture, "", "any", "");
	expect_unicode(fixture, "3.0.0", "3.0.0",
		"warning: servers of this program do not use it before 'rollcall migrate'\n");
}
