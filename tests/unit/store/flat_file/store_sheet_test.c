/* What an organiser sets while a store is in use: texts and seats, which are kept beside the users,
 * and what seats do to creates. */
#include "support/unit/changing_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"
#include "support/unit/store_now.h"

static enum result set_sheet(struct fixture *f, char label, const struct sheet_settings *settings)
{
	struct asker *asker = new_asker(f, label);

	return store_set_sheet(f->store, settings, on_told, asker, &asker->job);
}

static enum result set_seats(struct fixture *f, char label, uint64_t seats)
{
	return set_sheet(f, label,
		&(struct sheet_settings){
			.set = sheet_setting_bit(SHEET_SETTING_SEATS), .seats = seats});
}

static void on_sheet_set(void *argument)
{
	struct fixture *f = argument;

	assert_string_equal(f->told, ""); /* before anybody is told */
	f->sheets_set++;
}

FIXTURE_TEST(sheet_settings_are_kept)
{
	struct fixture *f = fixture;
	const struct sheet_settings settings = {.set = sheet_setting_bit(SHEET_SETTING_TITLE) |
						       sheet_setting_bit(SHEET_SETTING_INTRO) |
						       sheet_setting_bit(SHEET_SETTING_CLOSED),
		.title = "Workshop",
		.intro = "One\n\ntwo",
		.is_closed = true};
	const struct sheet_settings *kept = store_sheet_settings(f->store);

	create_three(f);
	store_watch_sheet(f->store, on_sheet_set, f);
	assert_int_equal(kept->set, 0);
	char revision[STORE_REVISION_SIZE];
	snprintf(revision, sizeof(revision), "%s", store_now_revision(f->store));
	assert_int_equal(set_sheet(f, 'a', &settings), RESULT_OK);
	assert_int_equal(kept->set, 0); /* not before it is durable */
	run(f);
	expect_told(f, "a:ok");
	assert_int_equal(f->sheets_set, 1);
	assert_int_equal(f->watched, 1);
	assert_string_not_equal(store_now_revision(f->store), revision);
	assert_int_equal(kept->set, settings.set);
	assert_string_equal(kept->title, "Workshop");
	expect_header(f, "rollcall-users\t2\tunicode ");
	assert_int_equal(
		set_sheet(f, 'b',
			&(struct sheet_settings){
				.set = sheet_setting_bit(SHEET_SETTING_TITLE), .title = "Course"}),
		RESULT_OK);
	assert_int_equal(create(f, 'c', "Dave"), RESULT_OK);
	run(f);
	expect_told(f, "c:ok:4:Dave b:ok");
	reopen(f);
	kept = store_sheet_settings(f->store);
	assert_int_equal(kept->set, settings.set);
	assert_string_equal(kept->title, "Course");
	assert_string_equal(kept->intro, "One\n\ntwo");
	assert_true(kept->is_closed);
	expect_users(f, "4:Dave 3:Carol 2:Bob 1:Alice");
}

FIXTURE_TEST(sheet_settings_that_cannot_be)
{
	struct fixture *f = fixture;
	const struct sheet_settings settings = {
		.set = sheet_setting_bit(SHEET_SETTING_TITLE), .title = ""};

	create_three(f);
	assert_int_equal(set_sheet(f, 'a', &settings), RESULT_MALFORMED);
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(set_seats(f, 'b', 3), RESULT_OK);
	run(f);
	expect_told(f, "b:full");
	assert_int_equal(store_sheet_settings(f->store)->set, 0);
}

/* Of two at once, the later one stays. */
FIXTURE_TEST(sheet_settings_one_after_the_other)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(set_seats(f, 'a', 5), RESULT_OK);
	assert_int_equal(set_seats(f, 'b', 4), RESULT_OK);
	assert_int_equal(set_seats(f, '!', 7), RESULT_OK);
	store_cancel(f->store, f->askers[f->asked - 1].job);
	run(f);
	expect_told(f, "a:ok b:ok");
	assert_int_equal(store_sheet_settings(f->store)->seats, 4);
	reopen(f);
	assert_int_equal(store_sheet_settings(f->store)->seats, 4);
}

static enum result set_if(struct fixture *f, char label, enum sheet_setting unchanged)
{
	return set_sheet(f, label,
		&(struct sheet_settings){.set = sheet_setting_bit(SHEET_SETTING_SEATS),
			.seats = 9,
			.unchanged = sheet_setting_bit(unchanged),
			.revision = store_sheet_settings(f->store)->revision});
}

/* What is on its way counts, whether it waits in the queue or is being written. */
FIXTURE_TEST(sheet_settings_on_a_condition)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(set_seats(f, 'a', 5), RESULT_OK);
	assert_int_equal(set_if(f, 'b', SHEET_SETTING_SEATS), RESULT_OK);
	assert_int_equal(set_if(f, 'c', SHEET_SETTING_TITLE), RESULT_OK);
	run(f);
	expect_told(f, "a:ok b:changed c:ok");
	assert_int_equal(set_if(f, 'd', SHEET_SETTING_SEATS), RESULT_OK);
	run(f);
	expect_told(f, "d:ok");
	fake_disk_hold(f->disk);
	assert_int_equal(set_seats(f, 'e', 5), RESULT_OK);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(set_if(f, 'f', SHEET_SETTING_SEATS), RESULT_OK);
	fake_disk_let_go(f->disk);
	run(f);
	expect_told(f, "e:ok f:changed");
	/* One that could not be stored has changed nothing. */
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(set_seats(f, 'g', 3), RESULT_OK);
	assert_int_equal(set_if(f, 'h', SHEET_SETTING_SEATS), RESULT_OK);
	run(f);
	expect_told(f, "g:full h:ok");
}

/* It is as if it had never been set, also after the next start and in a file that is written anew.
 */
FIXTURE_TEST(sheet_settings_that_are_given_back)
{
	struct fixture *f = fixture;
	const struct sheet_settings back = {.set = sheet_setting_bit(SHEET_SETTING_TITLE),
		.title = "Course",
		.reset = sheet_setting_bit(SHEET_SETTING_SEATS)};

	create_three(f);
	store_set_limits(f->store, &(struct store_limits){.max_users = LIMIT_USERS, .seats = 3});
	assert_int_equal(set_seats(f, 'a', 5), RESULT_OK);
	run(f);
	assert_int_equal(create(f, 'b', "Dave"), RESULT_OK);
	assert_int_equal(set_sheet(f, 'c', &back), RESULT_OK);
	run(f);
	expect_told(f, "a:ok b:ok:4:Dave c:ok");
	assert_int_equal(create(f, 'd', "Erin"), RESULT_NO_SEAT);
	reopen(f);
	assert_int_equal(
		store_sheet_settings(f->store)->set, sheet_setting_bit(SHEET_SETTING_TITLE));
	assert_int_equal(store_sheet_settings(f->store)->reset, 0);
}

/* What is set counts before the options. */
FIXTURE_TEST(seats_that_are_set)
{
	struct fixture *f = fixture;

	create_three(f);
	store_set_limits(f->store, &(struct store_limits){.max_users = LIMIT_USERS, .seats = 3});
	assert_int_equal(create(f, 'a', "Dave"), RESULT_NO_SEAT);
	assert_int_equal(set_seats(f, 'b', 4), RESULT_OK);
	run(f);
	assert_int_equal(create(f, 'c', "Dave"), RESULT_OK);
	assert_int_equal(create(f, 'd', "Erin"), RESULT_NO_SEAT);
	run(f);
	assert_int_equal(set_seats(f, 'e', 0), RESULT_OK);
	run(f);
	assert_int_equal(create(f, 'f', "Erin"), RESULT_OK);
	run(f);
	expect_told(f, "b:ok c:ok:4:Dave e:ok f:ok:5:Erin");
}

static void expect_last_seat(struct fixture *f, uint64_t number)
{
	assert_int_equal(store_view(f->store, 0)->last_seat, number);
}

/* Names are taken when all seats are, and move up when somebody leaves. */
FIXTURE_TEST(a_waiting_list)
{
	struct fixture *f = fixture;
	struct store_limits limits = {.max_users = 6, .seats = 3, .has_waiting_list = true};

	create_three(f);
	store_set_limits(f->store, &limits);
	expect_last_seat(f, 0); /* nobody waits */
	assert_int_equal(create(f, 'a', "Dave"), RESULT_OK);
	run(f);
	expect_last_seat(f, 3);
	assert_int_equal(create(f, 'b', "Erin"), RESULT_OK);
	assert_int_equal(create(f, 'c', "Frank"), RESULT_OK);
	assert_int_equal(create(f, 'd', "Grace"), RESULT_NO_SEAT); /* as many as there may be */
	run(f);
	expect_last_seat(f, 3);
	assert_int_equal(remove_user(f, 'd', 5), RESULT_OK); /* who waits */
	run(f);
	expect_last_seat(f, 3);
	assert_int_equal(remove_user(f, 'e', 1), RESULT_OK);
	run(f);
	expect_last_seat(f, 4);
	assert_int_equal(remove_user(f, 'f', 3), RESULT_OK);
	run(f);
	expect_last_seat(f, 0);
	f->told[0] = '\0';
	assert_int_equal(set_seats(f, 'g', 1), RESULT_OK);
	run(f);
	expect_last_seat(f, 2);
	reopen(f);
	expect_last_seat(f, 0); /* the option is off there */
}
