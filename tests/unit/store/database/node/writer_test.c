/* The writer, with a link, a head and a clock that are the test's: each fault comes where it is to
 * come. What a real server makes of it is in tests/store and tests/database. */
#include "store/database/node/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limit.h"
#include "store/database/link.h"
#include "store/database/node/head.h"
#include "support/test.h"
#include "support/unit/result_word.h"

/* The link: what was sent and is not answered, oldest first. */
struct link {
	struct link_settings settings;
	bool is_ready;
	struct link_query *sent[4];
	size_t count;
};

static struct link link_there;

/* The head. */
struct head {
	bool refuses; /* it has to be asked again */
	size_t taken;
	size_t doubts;
	const char *name; /* that every user has, or NULL */
};

static struct head head_there;

/* The rows of an answer. */
struct answer_row {
	int64_t place, result, number, created;
	const char *name;
};

static const struct answer_row *answer_rows;
static size_t answer_count;

static uint64_t now;
static struct {
	uv_timer_cb ring;
	uv_timer_t *timer;
	uint64_t due; /* 0: it is not set */
} alarm_set;

uint64_t __wrap_uv_now(const uv_loop_t *loop);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb ring, uint64_t timeout, uint64_t repeat);
int __wrap_uv_timer_stop(uv_timer_t *timer);

uint64_t __wrap_uv_now(const uv_loop_t *loop)
{
	(void)loop;
	return now;
}

int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb ring, uint64_t timeout, uint64_t repeat)
{
	assert_int_equal(repeat, 0);
	alarm_set.ring = ring;
	alarm_set.timer = timer;
	alarm_set.due = now + timeout;
	return 0;
}

int __wrap_uv_timer_stop(uv_timer_t *timer)
{
	(void)timer;
	alarm_set.due = 0;
	return 0;
}

struct link *link_open(const struct link_settings *settings)
{
	link_there = (struct link){.settings = *settings};
	return &link_there;
}

bool link_is_ready(const struct link *link)
{
	return link->is_ready;
}

const char *link_reason(const struct link *link)
{
	(void)link;
	return "nobody listens";
}

const char *link_host(const struct link *link)
{
	(void)link;
	return "there";
}

const char *link_said(const struct link *link)
{
	(void)link;
	return "no";
}

void link_send(struct link *link, struct link_query *query)
{
	assert_true(link->is_ready);
	assert_true(link->count < sizeof(link->sent) / sizeof(*link->sent));
	assert_int_equal(query->parameters.count, query->statement->parameters);
	link->sent[link->count++] = query;
}

void link_forget(struct link *link, struct link_query *query)
{
	(void)link;
	(void)query;
}

void link_stop(struct link *link)
{
	link->count = 0;
}

void link_close(struct link *link)
{
	(void)link;
}

struct head_question head_ask(struct head *head, struct parameters *parameters)
{
	const struct statement *statement =
		&link_there.settings.statements[link_there.settings.statement_count - 1];

	(void)head;
	for (int i = 0; i < statement->parameters; i++)
		parameters_null(parameters);
	return (struct head_question){.version = 7};
}

bool head_take(struct head *head, const struct rows *rows, const struct head_question *question)
{
	(void)rows;
	assert_int_equal(question->version, 7);
	head->taken++;
	return !head->refuses;
}

void head_doubt(struct head *head)
{
	head->doubts++;
}

bool head_user(const struct head *head, uint64_t number, struct user *user)
{
	if (head->name == NULL)
		return false;
	*user = (struct user){
		.number = number, .name = head->name, .name_length = strlen(head->name)};
	return true;
}

size_t rows_count(const struct rows *rows)
{
	(void)rows;
	return answer_count;
}

bool rows_is_null(const struct rows *rows, size_t row, size_t column)
{
	(void)rows;
	return column == 4 && answer_rows[row].name == NULL;
}

int64_t rows_number(const struct rows *rows, size_t row, size_t column)
{
	const struct answer_row *answer = &answer_rows[row];
	const int64_t columns[] = {answer->place, answer->result, answer->number, answer->created};

	(void)rows;
	return columns[column];
}

const char *rows_bytes(const struct rows *rows, size_t row, size_t column, size_t *length)
{
	const char *name = answer_rows[row].name != NULL ? answer_rows[row].name : "";

	(void)rows;
	assert_int_equal(column, 4);
	*length = strlen(name);
	return name;
}

struct fixture {
	uv_loop_t loop;
	struct writer *writer;
	char told[512];  /* "Ann:ok#1 " of each that was told, in order */
	char state[256]; /* what on_state was told */
};

/* Somebody who begins a change. */
struct caller {
	struct fixture *fixture;
	const char *name;
	struct store_job *job;
};

static void append(char *text, size_t size, const char *more)
{
	strncat(text, more, size - strlen(text) - 1);
}

static void on_told(void *argument, enum result result, const struct user *user)
{
	const struct caller *caller = argument;
	char text[128];

	if (user != NULL)
		snprintf(text, sizeof(text), "%s:%s#%d=%.*s ", caller->name, result_word(result),
			(int)user->number, (int)user->name_length, user->name);
	else
		snprintf(text, sizeof(text), "%s:%s ", caller->name, result_word(result));
	append(caller->fixture->told, sizeof(caller->fixture->told), text);
}

static void on_state(void *argument, enum result state, const char *reason)
{
	struct fixture *fixture = argument;

	append(fixture->state, sizeof(fixture->state), result_word(state));
	append(fixture->state, sizeof(fixture->state), reason[0] != '\0' ? "! " : " ");
}

static void turn(struct fixture *fixture)
{
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static void set_ready(struct fixture *fixture, bool is_ready)
{
	link_there.is_ready = is_ready;
	link_there.settings.changed(link_there.settings.argument);
	turn(fixture);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	now = 100000;
	head_there = (struct head){0};
	uv_loop_init(&fixture->loop);
	fixture->writer = writer_open(&(struct writer_settings){.loop = &fixture->loop,
		.head = &head_there,
		.limits = {.max_users = 100},
		.on_state = on_state,
		.argument = fixture});
	set_ready(fixture, true);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	writer_stop(fixture->writer);
	uv_run(&fixture->loop, UV_RUN_DEFAULT);
	writer_close(fixture->writer);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	free(fixture);
	return 0;
}

static struct username parse(const char *name)
{
	struct username username;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	return username;
}

static void create(struct fixture *fixture, struct caller *caller, const char *name)
{
	struct username username = parse(name);

	*caller = (struct caller){.fixture = fixture, .name = name};
	assert_int_equal(writer_create(fixture->writer, &username, on_told, caller, &caller->job),
		RESULT_OK);
}

/* Of what was sent first of all that has no answer. */
static const char *sent_first(void)
{
	return link_there.count > 0 ? link_there.sent[0]->statement->name : "nothing";
}

static uint64_t number_of(const struct link_query *query, size_t parameter)
{
	const char *bytes =
		query->parameters.bytes.bytes + query->parameters.values[parameter].offset;
	uint64_t number = 0;

	assert_int_equal(query->parameters.values[parameter].length, 8);
	for (size_t i = 0; i < 8; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}

/* The id of the batch that is under way, with the question behind it. */
static uint64_t expect_batch(const char *statement)
{
	assert_int_equal(link_there.count, 2);
	assert_string_equal(sent_first(), statement);
	return number_of(link_there.sent[0], 1);
}

static void answer(struct fixture *fixture, enum link_outcome outcome, const char *sqlstate,
	const struct answer_row *rows, size_t count)
{
	static const struct rows no_rows = {0};
	struct link_query *query = link_there.sent[0];

	assert_true(link_there.count > 0);
	memmove(link_there.sent, link_there.sent + 1,
		--link_there.count * sizeof(*link_there.sent));
	answer_rows = rows;
	answer_count = count;
	query->answered(query->argument, outcome, outcome == LINK_DONE ? &no_rows : NULL, sqlstate);
	(void)fixture;
}

#define ANSWER(...)                                                                                \
	answer(fixture, LINK_DONE, "", (const struct answer_row[]){__VA_ARGS__},                   \
		sizeof((const struct answer_row[]){__VA_ARGS__}) / sizeof(struct answer_row))

static void answer_head(struct fixture *fixture)
{
	answer(fixture, LINK_DONE, "", NULL, 0);
	turn(fixture);
}

static void lose_all(struct fixture *fixture)
{
	link_there.is_ready = false;
	while (link_there.count > 0)
		answer(fixture, LINK_LOST, "", NULL, 0);
	set_ready(fixture, false);
}

/* As the loop does, with a poll between what is due and its callback. */
static void pass(struct fixture *fixture, uint64_t ms)
{
	uint64_t until = now + ms;

	turn(fixture);
	while (alarm_set.due > 0 && alarm_set.due <= until) {
		now = alarm_set.due > now ? alarm_set.due : now;
		alarm_set.due = 0;
		alarm_set.ring(alarm_set.timer);
		turn(fixture);
	}
	now = until;
}

static void expect_told(struct fixture *fixture, const char *told)
{
	assert_string_equal(fixture->told, told);
	fixture->told[0] = '\0';
}

static void expect_ready(struct fixture *fixture, enum result ready)
{
	const char *reason = NULL;

	assert_int_equal(writer_ready(fixture->writer, &reason), ready);
	assert_int_equal(*reason != '\0', ready != RESULT_OK);
}

FIXTURE_TEST(a_create_is_told_when_the_head_has_it)
{
	struct caller ann;

	create(fixture, &ann, "Ann");
	assert_int_equal(link_there.count, 0);
	turn(fixture);
	expect_batch("create");
	ANSWER({.number = 12, .created = 99});
	turn(fixture);
	expect_told(fixture, "");
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#12=Ann ");
	assert_int_equal(head_there.taken, 1);
	assert_int_equal(link_there.count, 0);
}

FIXTURE_TEST(what_comes_meanwhile_is_the_next_batch)
{
	struct caller callers[4];

	create(fixture, &callers[0], "Ann");
	create(fixture, &callers[1], "Bob");
	turn(fixture);
	uint64_t first = expect_batch("create");
	create(fixture, &callers[2], "Carol");
	create(fixture, &callers[3], "ann");
	turn(fixture);
	expect_batch("create");
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ann:taken#1=Ann Bob:ok#2=Bob ");
	assert_int_equal(expect_batch("create"), first + 1);
	ANSWER({.number = 3});
	answer_head(fixture);
	expect_told(fixture, "Carol:ok#3=Carol ");
}

FIXTURE_TEST(refused_places)
{
	static const char *const names[] = {"Ann", "Bob", "Carol", "Dave", "Erin"};
	struct caller callers[5];

	for (size_t i = 0; i < 5; i++)
		create(fixture, &callers[i], names[i]);
	turn(fixture);
	expect_batch("create");
	ANSWER({.number = 8}, {2, 1, 3, 0, "BOB"}, {3, 2, 4, 0, "\u0421"}, {5, 3, 0, 0, NULL});
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#8=Ann Bob:taken#3=BOB Carol:alike#4=\u0421 Dave:ok#9=Dave "
			     "Erin:no-seat ");
}

/* Nothing that a server could say is taken for more than it is. */
FIXTURE_TEST(an_answer_that_is_none)
{
	struct caller callers[2];

	create(fixture, &callers[0], "Ann");
	create(fixture, &callers[1], "Bob");
	turn(fixture);
	ANSWER({2, 9, 3, 0, "Bob"}, {-1, 0, 0, 0, NULL}, {3, 1, 1, 0, "x"});
	answer_head(fixture);
	expect_told(fixture, "Ann:unavailable Bob:unavailable ");
}

FIXTURE_TEST(the_head_is_asked_again)
{
	struct caller ann;

	create(fixture, &ann, "Ann");
	turn(fixture);
	ANSWER({.number = 1});
	head_there.refuses = true;
	answer_head(fixture);
	assert_string_equal(sent_first(), "head");
	expect_told(fixture, "");
	head_there.refuses = false;
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ");
}

FIXTURE_TEST(a_lost_batch_is_sent_again)
{
	struct caller callers[2];

	create(fixture, &callers[0], "Ann");
	turn(fixture);
	uint64_t id = expect_batch("create");
	lose_all(fixture);
	create(fixture, &callers[1], "Bob");
	turn(fixture);
	assert_int_equal(link_there.count, 0);
	set_ready(fixture, true);
	assert_int_equal(head_there.doubts, 2);
	assert_int_equal(expect_batch("create"), id);
	lose_all(fixture);
	set_ready(fixture, true);
	pass(fixture, 200);
	assert_int_equal(expect_batch("create"), id);
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ");
	assert_int_equal(expect_batch("create"), id + 1);
	ANSWER({.number = 2});
	answer_head(fixture);
	expect_told(fixture, "Bob:ok#2=Bob ");
}

/* Its outcome is known, but not to the head. */
FIXTURE_TEST(the_question_is_lost)
{
	struct caller ann;

	create(fixture, &ann, "Ann");
	turn(fixture);
	ANSWER({.number = 1});
	lose_all(fixture);
	expect_told(fixture, "");
	set_ready(fixture, true);
	assert_string_equal(sent_first(), "head");
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ");
}

FIXTURE_TEST(what_is_stored_is_told_in_time_without_the_head)
{
	struct caller ann;

	create(fixture, &ann, "Ann");
	turn(fixture);
	ANSWER({.number = 1});
	lose_all(fixture);
	pass(fixture, 4000);
	expect_told(fixture, "");
	pass(fixture, 1001);
	expect_told(fixture, "Ann:ok#1=Ann ");
}

/* The link is well, but what the server said makes the outcome doubtful. */
FIXTURE_TEST(a_doubtful_batch_is_sent_again)
{
	struct caller ann;

	create(fixture, &ann, "Ann");
	turn(fixture);
	uint64_t id = expect_batch("create");
	answer(fixture, LINK_LOST, "01000", NULL, 0);
	turn(fixture);
	assert_string_equal(sent_first(), "head");
	answer_head(fixture);
	assert_int_equal(expect_batch("create"), id);
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ");
}

FIXTURE_TEST(a_collision_is_tried_again)
{
	struct caller ann;

	create(fixture, &ann, "Ann");
	turn(fixture);
	uint64_t id = expect_batch("create");
	answer(fixture, LINK_REFUSED, "40001", NULL, 0);
	answer_head(fixture);
	assert_int_equal(expect_batch("create"), id);
	answer(fixture, LINK_REFUSED, "40P01", NULL, 0);
	answer_head(fixture);
	assert_int_equal(link_there.count, 0);
	pass(fixture, 200);
	assert_int_equal(expect_batch("create"), id);
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ");
	expect_ready(fixture, RESULT_OK);
	assert_string_equal(fixture->state, "");
}

/* A fault of the schema, say: there is no end of trying, and nobody waits for it. */
FIXTURE_TEST(a_refused_batch)
{
	struct caller callers[2];
	struct username bob = parse("Bob");

	create(fixture, &callers[0], "Ann");
	turn(fixture);
	uint64_t id = expect_batch("create");
	answer(fixture, LINK_REFUSED, "42501", NULL, 0);
	expect_told(fixture, "Ann:unavailable ");
	answer_head(fixture);
	expect_ready(fixture, RESULT_UNAVAILABLE);
	assert_int_equal(
		writer_create(fixture->writer, &bob, on_told, &callers[1], &callers[1].job),
		RESULT_UNAVAILABLE);
	assert_int_equal(link_there.count, 0);
	pass(fixture, 1001);
	assert_int_equal(expect_batch("create"), id + 1); /* without anybody in it */
	answer(fixture, LINK_REFUSED, "42501", NULL, 0);
	answer_head(fixture);
	pass(fixture, 1001);
	expect_batch("create");
	answer(fixture, LINK_DONE, "", NULL, 0);
	answer_head(fixture);
	expect_ready(fixture, RESULT_OK);
	assert_string_equal(fixture->state, "unavailable! ok ");
	pass(fixture, 5000);
	assert_int_equal(link_there.count, 0);
}

/* Each within five seconds of its own beginning; the batch goes on. */
FIXTURE_TEST(no_answer)
{
	struct caller callers[3];
	struct username carol = parse("Carol");

	create(fixture, &callers[0], "Ann");
	pass(fixture, 3000);
	create(fixture, &callers[1], "Bob");
	pass(fixture, 1999);
	expect_told(fixture, "");
	pass(fixture, 2);
	expect_told(fixture, "Ann:unknown ");
	expect_ready(fixture, RESULT_UNAVAILABLE);
	assert_int_equal(
		writer_create(fixture->writer, &carol, on_told, &callers[2], &callers[2].job),
		RESULT_UNAVAILABLE);
	pass(fixture, 3000);
	expect_told(fixture, "Bob:unavailable ");
	expect_batch("create");
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "");
	expect_ready(fixture, RESULT_OK);
	assert_int_equal(link_there.count, 0);
}

/* It may have been stored by the try that was lost. */
FIXTURE_TEST(no_server_after_a_lost_batch)
{
	struct caller callers[2];

	create(fixture, &callers[0], "Ann");
	turn(fixture);
	create(fixture, &callers[1], "Bob");
	lose_all(fixture);
	pass(fixture, 5001);
	expect_told(fixture, "Ann:unknown Bob:unavailable ");
}

FIXTURE_TEST(a_refusal_after_a_lost_batch)
{
	struct caller callers[2];

	create(fixture, &callers[0], "Ann");
	turn(fixture);
	lose_all(fixture);
	set_ready(fixture, true);
	answer(fixture, LINK_REFUSED, "42501", NULL, 0);
	expect_told(fixture, "Ann:unknown ");
	answer_head(fixture);
}

/* `ms` from now; 0: it is not set. */
static void expect_alarm(uint64_t ms, bool keeps_loop)
{
	assert_int_equal(alarm_set.due > 0 ? alarm_set.due - now : 0, ms);
	assert_int_equal(uv_has_ref((const uv_handle_t *)alarm_set.timer), keeps_loop);
}

/* As long as somebody waits, or a batch is on its way: but that not for ever. */
FIXTURE_TEST(the_timer_keeps_the_loop)
{
	struct caller callers[3];

	create(fixture, &callers[0], "Ann");
	turn(fixture);
	expect_alarm(5000, true);
	pass(fixture, 2000);
	create(fixture, &callers[1], "Bob");
	turn(fixture);
	expect_alarm(3000, true);
	writer_cancel(fixture->writer, callers[0].job);
	turn(fixture);
	expect_alarm(3000, true);
	writer_cancel(fixture->writer, callers[1].job);
	turn(fixture);
	expect_alarm(3000, true);
	lose_all(fixture);
	turn(fixture);
	expect_alarm(2000, true); /* then it is not ready any more */
	set_ready(fixture, true);
	expect_alarm(3000, true);
	pass(fixture, 3001);
	expect_alarm(0, false);
	create(fixture, &callers[2], "Carol");
	turn(fixture);
	expect_alarm(5000, true);
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_batch("create");
	ANSWER({.number = 2});
	answer_head(fixture);
	expect_told(fixture, "Carol:ok#2=Carol ");
	expect_alarm(0, false);
}

static void remove_user(struct fixture *fixture, struct caller *caller, const char *name);

FIXTURE_TEST(a_removal_without_an_answer)
{
	struct caller callers[2];

	remove_user(fixture, &callers[0], "first");
	remove_user(fixture, &callers[1], "second");
	turn(fixture);
	expect_batch("remove");
	pass(fixture, 5001);
	expect_told(fixture, "first:unknown second:unavailable ");
}

FIXTURE_TEST(no_server)
{
	struct caller callers[2];
	struct username bob = parse("Bob");

	set_ready(fixture, false);
	create(fixture, &callers[0], "Ann");
	pass(fixture, 1999);
	expect_ready(fixture, RESULT_OK);
	pass(fixture, 2);
	expect_ready(fixture, RESULT_UNAVAILABLE);
	assert_int_equal(
		writer_create(fixture->writer, &bob, on_told, &callers[1], &callers[1].job),
		RESULT_UNAVAILABLE);
	set_ready(fixture, true);
	expect_ready(fixture, RESULT_OK);
	expect_batch("create");
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "Ann:ok#1=Ann ");
}

static void remove_user(struct fixture *fixture, struct caller *caller, const char *name)
{
	*caller = (struct caller){.fixture = fixture, .name = name};
	assert_int_equal(
		writer_remove(fixture->writer, 5, on_told, caller, &caller->job), RESULT_OK);
}

/* The name that a removal is given. */
static void expect_name(const char *name)
{
	const struct link_query *query = link_there.sent[0];
	int length = query->parameters.values[5].length;

	assert_int_equal(length, name != NULL ? (int)strlen(name) : -1);
	if (name != NULL)
		assert_memory_equal(
			query->parameters.bytes.bytes + query->parameters.values[5].offset, name,
			strlen(name));
}

FIXTURE_TEST(a_removal_learns_the_name)
{
	struct caller caller;

	remove_user(fixture, &caller, "removal");
	turn(fixture);
	uint64_t id = expect_batch("remove");
	expect_name(NULL);
	ANSWER({0, 7, 5, 0, "Eve"});
	answer_head(fixture);
	expect_told(fixture, "");
	assert_int_equal(expect_batch("remove"), id + 1);
	expect_name("Eve");
	ANSWER({0, 0, 5, 0, "Eve"});
	answer_head(fixture);
	expect_told(fixture, "removal:ok#5=Eve ");

	head_there.name = "Adam";
	remove_user(fixture, &caller, "removal");
	turn(fixture);
	expect_batch("remove");
	expect_name("Adam");
	ANSWER({0, 4, 0, 0, NULL});
	answer_head(fixture);
	expect_told(fixture, "removal:missing ");
}

FIXTURE_TEST(a_removal_that_nobody_waits_for)
{
	struct caller caller;

	remove_user(fixture, &caller, "removal");
	turn(fixture);
	writer_cancel(fixture->writer, caller.job);
	ANSWER({0, 7, 5, 0, "Eve"});
	answer_head(fixture);
	assert_int_equal(link_there.count, 0);
	expect_told(fixture, "");
}

FIXTURE_TEST(changes_and_creates_take_turns)
{
	struct caller callers[5];
	struct username username = parse("Eva");
	struct sheet_settings settings = {
		.set = sheet_setting_bit(SHEET_SETTING_SEATS), .seats = 3};

	remove_user(fixture, &callers[0], "removal");
	callers[1] = (struct caller){.fixture = fixture, .name = "renaming"};
	assert_int_equal(
		writer_rename(fixture->writer, 6, &username, on_told, &callers[1], &callers[1].job),
		RESULT_OK);
	callers[2] = (struct caller){.fixture = fixture, .name = "setting"};
	assert_int_equal(
		writer_set_sheet(fixture->writer, &settings, on_told, &callers[2], &callers[2].job),
		RESULT_OK);
	create(fixture, &callers[3], "Ann");
	turn(fixture);
	expect_batch("remove");
	ANSWER({0, 0, 5, 0, "Eve"});
	answer_head(fixture);
	expect_batch("create");
	create(fixture, &callers[4], "Bob");
	ANSWER({.number = 7});
	answer_head(fixture);
	expect_batch("rename");
	ANSWER({0, 0, 6, 0, "Eva"});
	answer_head(fixture);
	expect_batch("create");
	ANSWER({.number = 8});
	answer_head(fixture);
	expect_batch("sheet");
	ANSWER({0, 6, 0, 0, NULL});
	answer_head(fixture);
	expect_told(fixture, "removal:ok#5=Eve Ann:ok#7=Ann renaming:ok#6=Eva Bob:ok#8=Bob "
			     "setting:changed ");
}

FIXTURE_TEST(settings_that_are_not_allowed)
{
	struct sheet_settings settings = {
		.set = sheet_setting_bit(SHEET_SETTING_TITLE), .title = ""};
	struct store_job *job;

	assert_int_equal(writer_set_sheet(fixture->writer, &settings, on_told, NULL, &job),
		RESULT_MALFORMED);
}

FIXTURE_TEST(cancelled)
{
	struct caller callers[3];

	create(fixture, &callers[0], "Ann");
	create(fixture, &callers[1], "Bob");
	remove_user(fixture, &callers[2], "removal");
	writer_cancel(fixture->writer, callers[0].job);
	writer_cancel(fixture->writer, callers[2].job);
	turn(fixture);
	expect_batch("create");
	writer_cancel(fixture->writer, callers[1].job);
	ANSWER({.number = 1});
	answer_head(fixture);
	expect_told(fixture, "");
	assert_int_equal(link_there.count, 0);
}

FIXTURE_TEST(stopped_with_a_batch_under_way)
{
	struct caller callers[2];

	create(fixture, &callers[0], "Ann");
	turn(fixture);
	expect_batch("create");
	remove_user(fixture, &callers[1], "removal");
	writer_cancel(fixture->writer, callers[0].job);
	writer_cancel(fixture->writer, callers[1].job);
}

/* As many as may wait, in batches of a size. */
FIXTURE_TEST(many)
{
	static struct caller callers[LIMIT_PENDING + 1];
	static char names[LIMIT_PENDING + 1][16];
	size_t batches = 0;

	for (size_t i = 0; i <= LIMIT_PENDING; i++)
		snprintf(names[i], sizeof(names[i]), "u%zu", i);
	for (size_t i = 0; i < LIMIT_PENDING; i++)
		create(fixture, &callers[i], names[i]);
	struct username more = parse(names[LIMIT_PENDING]);
	assert_int_equal(
		writer_create(fixture->writer, &more, on_told, NULL, &callers[LIMIT_PENDING].job),
		RESULT_LIMIT);
	turn(fixture);
	for (; link_there.count > 0; batches++) {
		expect_batch("create");
		ANSWER({.number = 1});
		answer_head(fixture);
	}
	assert_int_equal(batches, LIMIT_PENDING / 1024);
}
