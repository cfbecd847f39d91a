/*
 * What store.h promises of changes other than creates: of removals, renamings and sheet settings,
 * each asked for when the one before is over. How they get along with each other while they are
 * under way is for each kind of store to test.
 */
#include "support/test.h"
#include "support/unit/result_word.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "store/store.h"
#include "store/subject.h"

struct fixture {
	uv_loop_t loop;
	void *place;
	struct store *store;
	unsigned openings;
	bool is_told;
	size_t watched;
	char told[512]; /* of the last change: "ok 1 Ann"; or of a question, its users */
	uint64_t last_seat;
	char revision[STORE_REVISION_SIZE];
};

static void on_changed(void *argument)
{
	struct fixture *f = argument;

	f->watched++;
}

static void open_store(struct fixture *f)
{
	f->store = subject.open(f->place, &f->loop, 1000, ++f->openings);
	store_watch(f->store, on_changed, f);
}

static void close_store(struct fixture *f)
{
	subject.stop(f->place);
	assert_int_equal(uv_run(&f->loop, UV_RUN_DEFAULT), 0);
	subject.close(f->place);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->place = subject.make_place();
	open_store(f);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	close_store(f);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	subject.remove_place(f->place);
	free(f);
	return 0;
}

static void reopen(struct fixture *f)
{
	close_store(f);
	open_store(f);
}

/* store_outcome_cb */
static void on_told(void *argument, enum result result, const struct user *user)
{
	struct fixture *f = argument;
	size_t length = (size_t)snprintf(f->told, sizeof(f->told), "%s", result_word(result));

	assert_false(f->is_told);
	f->is_told = true;
	if (user != NULL)
		snprintf(f->told + length, sizeof(f->told) - length, " %" PRIu64 " %.*s",
			user->number, (int)user->name_length, user->name);
}

/* What was refused at once is told as well; a change that was begun is waited for. */
static void finish_change(struct fixture *f, enum result result, const struct user *holder)
{
	bool has_holder = result == RESULT_TAKEN || result == RESULT_ALIKE;

	if (result != RESULT_OK)
		on_told(f, result, has_holder ? holder : NULL);
	else
		assert_false(f->is_told); /* never from within */
	while (!f->is_told)
		uv_run(&f->loop, UV_RUN_ONCE);
	f->is_told = false;
}

static struct username name_of(const char *name)
{
	struct username username;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	return username;
}

static void create(struct fixture *f, const char *name, const char *wanted)
{
	const struct username username = name_of(name);
	struct store_job *job;
	struct user holder;

	finish_change(f, store_create(f->store, &username, on_told, f, &job, &holder), &holder);
	assert_string_equal(f->told, wanted);
}

static void remove_number(struct fixture *f, uint64_t number, const char *wanted)
{
	struct store_job *job;

	finish_change(f, store_remove(f->store, number, on_told, f, &job), NULL);
	assert_string_equal(f->told, wanted);
}

static void rename_to(struct fixture *f, uint64_t number, const char *name, const char *wanted)
{
	const struct username username = name_of(name);
	struct store_job *job;
	struct user holder;

	finish_change(
		f, store_rename(f->store, number, &username, on_told, f, &job, &holder), &holder);
	assert_string_equal(f->told, wanted);
}

static void set_sheet(struct fixture *f, const struct sheet_settings *settings, const char *wanted)
{
	struct store_job *job;

	finish_change(f, store_set_sheet(f->store, settings, on_told, f, &job), NULL);
	assert_string_equal(f->told, wanted);
}

/* store_answered_cb */
static void on_answered(void *argument, const struct store_answer *answer)
{
	struct fixture *f = argument;
	size_t length = 0;

	f->is_told = true;
	f->told[0] = '\0';
	f->last_seat = answer->view->last_seat;
	snprintf(f->revision, sizeof(f->revision), "%s", answer->view->revision);
	for (size_t i = 0; i < answer->count; i++)
		length += (size_t)snprintf(f->told + length, sizeof(f->told) - length,
			"%s%" PRIu64 " %.*s", i > 0 ? ", " : "", answer->users[i].number,
			(int)answer->users[i].name_length, answer->users[i].name);
}

static void expect_answered(
	struct fixture *f, const struct store_question *question, const char *wanted)
{
	store_ask(f->store, question, on_answered, f);
	while (!f->is_told)
		uv_run(&f->loop, UV_RUN_ONCE);
	f->is_told = false;
	assert_string_equal(f->told, wanted);
}

static void expect_users(struct fixture *f, const char *wanted)
{
	expect_answered(f, &(struct store_question){.from = STORE_NEWEST, .most = 10}, wanted);
}

static void expect_named(struct fixture *f, const char *name, const char *wanted)
{
	const struct username username = name_of(name);

	expect_answered(f, &(struct store_question){.named = &username, .most = 10}, wanted);
}

static void expect_found(struct fixture *f, const char *typed, const char *wanted)
{
	struct search search = {0};

	assert_int_equal(
		username_parse_beginning(typed, strlen(typed), &search.beginning), USERNAME_FINE);
	expect_answered(f, &(struct store_question){.search = &search, .most = 10}, wanted);
}

FIXTURE_TEST(a_removal)
{
	struct fixture *f = fixture;
	char revision[STORE_REVISION_SIZE];

	create(f, "Ann", "ok 1 Ann");
	create(f, "Bob", "ok 2 Bob");
	create(f, "Ann Lee", "ok 3 Ann Lee");
	expect_users(f, "3 Ann Lee, 2 Bob, 1 Ann");
	memcpy(revision, f->revision, sizeof(revision));
	remove_number(f, 1, "ok 1 Ann");
	expect_users(f, "3 Ann Lee, 2 Bob");
	assert_string_not_equal(f->revision, revision);
	expect_found(f, "ann", "3 Ann Lee");
	expect_named(f, "Ann", "");
	remove_number(f, 1, "missing");
	remove_number(f, 9, "missing");
	create(f, "ANN", "ok 4 ANN");
	remove_number(f, 4, "ok 4 ANN");
	reopen(f);
	expect_users(f, "3 Ann Lee, 2 Bob");
	create(f, "Cleo", "ok 5 Cleo"); /* no number is given twice */
	remove_number(f, 2, "ok 2 Bob");
	remove_number(f, 3, "ok 3 Ann Lee");
	remove_number(f, 5, "ok 5 Cleo");
	expect_users(f, "");
}

FIXTURE_TEST(a_renaming)
{
	struct fixture *f = fixture;

	create(f, "Ann", "ok 1 Ann");
	create(f, "Cop", "ok 2 Cop");
	rename_to(f, 1, "Zoe Lee", "ok 1 Zoe Lee");
	expect_users(f, "2 Cop, 1 Zoe Lee");
	expect_found(f, "lee", "1 Zoe Lee");
	expect_found(f, "ann", "");
	rename_to(f, 1, "cop", "taken 2 Cop");
	rename_to(f, 1, "Сор", "alike 2 Cop");
	rename_to(f, 7, "Dan", "missing");
	rename_to(f, 2, "Сор", "ok 2 Сор"); /* like its own */
	rename_to(f, 2, "СОР", "ok 2 СОР");
	rename_to(f, 2, "СОР", "unchanged 2 СОР");
	create(f, "ann", "ok 3 ann");
	create(f, "zoe lee", "taken 1 Zoe Lee");
	create(f, "Cop", "alike 2 СОР");
	reopen(f);
	expect_users(f, "3 ann, 2 СОР, 1 Zoe Lee");
	expect_named(f, "zoe lee", "1 Zoe Lee");
}

FIXTURE_TEST(sheet_settings)
{
	struct fixture *f = fixture;
	const struct sheet_settings *kept = store_sheet_settings(f->store);

	assert_int_equal(kept->set, 0);
	set_sheet(f,
		&(struct sheet_settings){.set = sheet_setting_bit(SHEET_SETTING_TITLE) |
						sheet_setting_bit(SHEET_SETTING_CLOSES),
			.title = "Workshop",
			.closes = 1000},
		"ok");
	set_sheet(f,
		&(struct sheet_settings){
			.set = sheet_setting_bit(SHEET_SETTING_TITLE), .title = "a\tb"},
		"malformed");
	set_sheet(
		f, &(struct sheet_settings){.set = sheet_setting_bit(SHEET_SETTING_CLOSES)}, "ok");
	assert_string_equal(kept->title, "Workshop");
	reopen(f);
	kept = store_sheet_settings(f->store);
	assert_int_equal(kept->set,
		sheet_setting_bit(SHEET_SETTING_TITLE) | sheet_setting_bit(SHEET_SETTING_CLOSES));
	assert_string_equal(kept->title, "Workshop");
	assert_int_equal(kept->closes, 0);
}

FIXTURE_TEST(seats_and_those_who_wait)
{
	struct fixture *f = fixture;
	struct sheet_settings seats = {.set = sheet_setting_bit(SHEET_SETTING_SEATS), .seats = 2};

	set_sheet(f, &seats, "ok");
	create(f, "Ann", "ok 1 Ann");
	create(f, "Bob", "ok 2 Bob");
	create(f, "Cleo", "no-seat");
	remove_number(f, 1, "ok 1 Ann");
	create(f, "Cleo", "ok 3 Cleo");
	create(f, "Dan", "no-seat");
	set_sheet(f,
		&(struct sheet_settings){.set = sheet_setting_bit(SHEET_SETTING_WAITING_LIST),
			.has_waiting_list = true},
		"ok");
	create(f, "Dan", "ok 4 Dan");
	expect_users(f, "4 Dan, 3 Cleo, 2 Bob");
	assert_int_equal(f->last_seat, 3);
	assert_int_equal(store_last_seat(f->store), 3);
	remove_number(f, 2, "ok 2 Bob");
	expect_users(f, "4 Dan, 3 Cleo");
	assert_int_equal(f->last_seat, 0);
	seats.seats = 1;
	set_sheet(f, &seats, "ok");
	expect_users(f, "4 Dan, 3 Cleo");
	assert_int_equal(f->last_seat, 3);
}

FIXTURE_TEST(new_limits_count_at_once)
{
	struct fixture *f = fixture;

	create(f, "Ann", "ok 1 Ann");
	create(f, "Bob", "ok 2 Bob");
	store_set_limits(f->store, &(struct store_limits){.max_users = 2});
	create(f, "Cleo", "no-seat");
	store_set_limits(f->store, &(struct store_limits){.max_users = 3});
	create(f, "Cleo", "ok 3 Cleo");
	expect_users(f, "3 Cleo, 2 Bob, 1 Ann");
	assert_int_equal(f->last_seat, 0);
	store_set_limits(f->store,
		&(struct store_limits){.max_users = 9, .seats = 2, .has_waiting_list = true});
	expect_users(f, "3 Cleo, 2 Bob, 1 Ann");
	assert_int_equal(f->last_seat, 2);
	store_set_limits(f->store,
		&(struct store_limits){.max_users = 9, .seats = 1, .has_waiting_list = true});
	expect_users(f, "3 Cleo, 2 Bob, 1 Ann");
	assert_int_equal(f->last_seat, 1);
}

FIXTURE_TEST(a_revision_is_another_one_when_pages_are)
{
	struct fixture *f = fixture;
	char before[STORE_REVISION_SIZE];

	create(f, "Ann", "ok 1 Ann");
	for (uint64_t pages = 1; pages <= 2; pages++) {
		expect_users(f, "1 Ann");
		memcpy(before, f->revision, sizeof(before));
		store_renew_revision(f->store, pages);
		expect_users(f, "1 Ann");
		assert_string_not_equal(f->revision, before);
	}
}
