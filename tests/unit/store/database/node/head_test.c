/*
 * What the head makes of answers, which the test asks for itself, one at a time: so it decides what
 * happens in the database, and to the head, between a question and its answer.
 */
#include "store/database/node/head.h"

#include <stdlib.h>
#include <string.h>

#include "store/database/node/database_statements.h"
#include "store/database/parameters.h"
#include "store/database/rows.h"
#include "support/test.h"
#include "support/unit/database_place.h"

struct fixture {
	uv_loop_t loop;
	struct database_place place;
	struct store_limits limits;
	struct head *head;
	PGconn *connection;
	size_t changes;
};

/* An answer on its way. */
struct flight {
	struct head_question question;
	struct rows rows;
};

static void on_change(void *argument)
{
	struct fixture *fixture = argument;

	fixture->changes++;
}

static struct head *open_head(struct fixture *fixture)
{
	return head_open(&(struct head_settings){.loop = &fixture->loop,
		.limits = &fixture->limits,
		.sheet_changed = on_change,
		.changed = on_change,
		.argument = fixture});
}

static int set_up(void **state)
{
	struct fixture *fixture = test_calloc(1, sizeof(*fixture));

	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	database_place_make(&fixture->place);
	const char *const keywords[] = {"host", "user", "dbname", NULL};
	const char *const values[] = {
		getenv("DATABASE_SOCKETS"), "postgres", fixture->place.database.name, NULL};
	fixture->connection = fixture->place.database.libpq.PQconnectdbParams(keywords, values, 0);
	fixture->head = open_head(fixture);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	fixture->place.database.libpq.PQfinish(fixture->connection);
	head_close(fixture->head);
	database_place_remove(&fixture->place);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	test_free(fixture);
	return 0;
}

static void run(struct fixture *fixture, const char *sql)
{
	database_place_run(&fixture->place, sql);
}

static struct rows execute(
	struct fixture *fixture, enum reading reading, struct parameters *parameters)
{
	const struct statement *statement = &reading_statements[reading];
	struct parameter_list list;

	parameters_list(parameters, &list);
	struct rows rows = {.libpq = &fixture->place.database.libpq,
		.result = fixture->place.database.libpq.PQexecParams(fixture->connection,
			statement->sql, statement->parameters, statement->types, list.values,
			list.lengths, list.formats, 1)};
	parameters_free(parameters);
	if (fixture->place.database.libpq.PQresultStatus(rows.result) != PGRES_TUPLES_OK)
		fail_msg("%s", fixture->place.database.libpq.PQerrorMessage(fixture->connection));
	return rows;
}

static struct flight ask(struct fixture *fixture)
{
	struct parameters parameters = {0};
	struct head_question question = head_ask(fixture->head, &parameters);

	return (struct flight){question, execute(fixture, READING_HEAD, &parameters)};
}

static bool take(struct fixture *fixture, struct flight *flight)
{
	bool is_taken = head_take(fixture->head, &flight->rows, &flight->question);

	fixture->place.database.libpq.PQclear((PGresult *)flight->rows.result);
	return is_taken;
}

static void update(struct fixture *fixture)
{
	struct flight flight = ask(fixture);

	if (!take(fixture, &flight)) {
		flight = ask(fixture);
		assert_true(take(fixture, &flight));
	}
}

/* Users from one number to another, as a batch. */
static void create(struct fixture *fixture, int first, int last, int64_t created)
{
	char sql[600];

	snprintf(sql, sizeof(sql),
		"INSERT INTO rollcall.users SELECT n, %lld, ('user' || n || '-%lld')::bytea,"
		" 'User' || n FROM generate_series(%d, %d) n;"
		"UPDATE rollcall.state SET version = version + 1, revision = %lld,"
		" next_number = %d + 1, newest = %d, users = users + 1 + %d - %d",
		(long long)created, (long long)created, first, last, (long long)created, last, last,
		last, first);
	run(fixture, sql);
}

static enum result changes_after(struct fixture *fixture, uint64_t position)
{
	struct store_change changes[10];
	struct store_news news;

	return head_changes(fixture->head, position, changes, 10, &news);
}

static void lose(struct fixture *fixture, int above, int versions)
{
	char sql[300];

	snprintf(sql, sizeof(sql),
		"DELETE FROM rollcall.users WHERE number > %d;"
		"UPDATE rollcall.state SET version = version - %d, next_number = %d + 1,"
		" newest = %d",
		above, versions, above, above);
	run(fixture, sql);
}

/* The position is out of reach, the one that is given now is not; and nobody asks again and again.
 */
static void expect_loss(struct fixture *fixture, uint64_t position)
{
	uint64_t now = head_view(fixture->head)->change;

	assert_int_equal(changes_after(fixture, position), RESULT_MISSING);
	assert_int_equal(changes_after(fixture, now), RESULT_OK);
	head_doubt(fixture->head);
	update(fixture);
	assert_int_equal(head_view(fixture->head)->change, now);
}

static void expect_no_loss(struct fixture *fixture, uint64_t position)
{
	head_doubt(fixture->head);
	update(fixture);
	assert_int_equal(changes_after(fixture, position), RESULT_OK);
}

/* They are all there when the head is asked for again: nobody has seen that they were gone. */
FIXTURE_TEST(numbers_that_were_lost_and_given_again)
{
	create(fixture, 1, 6, 1000);
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	char revision[sizeof(head_view(fixture->head)->revision)];
	strcpy(revision, head_view(fixture->head)->revision);
	lose(fixture, 3, 1);
	create(fixture, 4, 6, 2000);
	create(fixture, 7, 7, 3000);
	head_doubt(fixture->head);
	update(fixture);
	assert_string_not_equal(head_view(fixture->head)->revision, revision);
	expect_loss(fixture, position);
}

FIXTURE_TEST(users_that_were_lost)
{
	create(fixture, 1, 6, 1000);
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	lose(fixture, 3, 1);
	update(fixture);
	expect_loss(fixture, position);
}

/* The version is the same, and what has it is another thing. */
FIXTURE_TEST(another_revision_under_the_same_version)
{
	create(fixture, 1, 6, 1000);
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	lose(fixture, 5, 1);
	create(fixture, 6, 6, 2000);
	update(fixture);
	expect_loss(fixture, position);
}

#define CHANGE(kind, user)                                                                         \
	"UPDATE rollcall.state SET version = version + 1, change = change + 1;"                    \
	"INSERT INTO rollcall.changes SELECT change, " kind ", " user " FROM rollcall.state;"

FIXTURE_TEST(another_change_under_the_same_number)
{
	create(fixture, 1, 6, 1000);
	run(fixture, CHANGE("0", "9"));
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	run(fixture, "UPDATE rollcall.changes SET number = 8;" CHANGE("0", "7"));
	head_doubt(fixture->head);
	update(fixture);
	expect_loss(fixture, position);
}

FIXTURE_TEST(another_name_that_no_change_tells_of)
{
	create(fixture, 1, 6, 1000);
	run(fixture, CHANGE("1", "2") "UPDATE rollcall.users SET name = 'A' WHERE number = 2");
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	run(fixture, CHANGE("1", "2") "UPDATE rollcall.users SET name = 'B' WHERE number = 2");
	expect_no_loss(fixture, position);
	run(fixture, "UPDATE rollcall.users SET name = 'C' WHERE number = 2;"
		     "UPDATE rollcall.state SET version = version + 1");
	head_doubt(fixture->head);
	update(fixture);
	expect_loss(fixture, position);
}

/* As after a connection was lost and nothing else. */
FIXTURE_TEST(what_goes_on_is_no_loss)
{
	create(fixture, 1, 6, 1000);
	run(fixture, CHANGE("1", "2") "UPDATE rollcall.users SET name = 'A' WHERE number = 2");
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	expect_no_loss(fixture, position);
	create(fixture, 7, 9, 2000);
	run(fixture, CHANGE("0", "2") "DELETE FROM rollcall.users WHERE number = 2");
	run(fixture, CHANGE("0", "9") "DELETE FROM rollcall.users WHERE number = 9");
	expect_no_loss(fixture, position);
	create(fixture, 10, 5000, 3000);
	expect_no_loss(fixture, position);
}

/* Nodes that did not see what was lost count changes as the others do. */
FIXTURE_TEST(a_head_without_a_loss_has_the_same_numbers)
{
	create(fixture, 1, 6, 1000);
	update(fixture);
	uint64_t position = head_view(fixture->head)->change;
	head_close(fixture->head);
	fixture->head = open_head(fixture);
	update(fixture);
	assert_int_equal(head_view(fixture->head)->change, position);
}

static void read_page(struct fixture *fixture, bool has_letters, struct rows *rows)
{
	struct parameters parameters = {0};

	head_limits_parameters(fixture->head, has_letters, &parameters);
	for (size_t i = 0; i < 4; i++)
		parameters_number(&parameters, 0);
	*rows = execute(fixture, READING_PAGE, &parameters);
}

/* Else one revision would be said of two contents. */
FIXTURE_TEST(letters_are_of_the_version)
{
	struct rows rows;
	const struct store_view *view;
	char revision[sizeof(view->revision)];

	run(fixture, "UPDATE rollcall.state SET version = version + 1, letters = 'a'");
	update(fixture);
	read_page(fixture, true, &rows);
	assert_ptr_equal(head_view_of(fixture->head, &rows), head_view(fixture->head));
	strcpy(revision, head_view(fixture->head)->revision);
	run(fixture, "UPDATE rollcall.state SET version = version + 1, letters = 'ab'");
	update(fixture);
	assert_null(head_view_of(fixture->head, &rows));
	fixture->place.database.libpq.PQclear((PGresult *)rows.result);
	read_page(fixture, false, &rows);
	run(fixture, "UPDATE rollcall.state SET version = version + 1, letters = 'abc'");
	update(fixture);
	view = head_view_of(fixture->head, &rows);
	assert_non_null(view);
	assert_string_equal(view->letters, "AB");
	assert_string_equal(head_view(fixture->head)->letters, "ABC");
	assert_string_not_equal(view->revision, revision);
	fixture->place.database.libpq.PQclear((PGresult *)rows.result);
}
