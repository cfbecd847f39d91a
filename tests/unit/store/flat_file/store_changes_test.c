/*
 * Removals and renamings in a store that is in use: what they do, and how they get along with
 * creates and with each other while the disk is at work.
 */
#include "support/unit/changing_store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store/names/username.h"
#include "support/test.h"
#include "support/unit/store_now.h"

static void send_and_hold(struct fixture *f)
{
	fake_disk_hold(f->disk);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	fake_disk_wait_held(f->disk);
}

static void finish(struct fixture *f)
{
	fake_disk_let_go(f->disk);
	run(f);
}

FIXTURE_TEST(a_user_is_removed)
{
	struct fixture *f = fixture;
	char revision[STORE_REVISION_SIZE];

	create_three(f);
	snprintf(revision, sizeof(revision), "%s", store_now_revision(f->store));
	assert_int_equal(remove_user(f, 'a', 2), RESULT_OK);
	expect_users(f, "3:Carol 2:Bob 1:Alice"); /* not before it is durable */
	run(f);
	expect_told(f, "a:ok:2:Bob");
	assert_string_equal(fake_disk_calls(f->disk), "write sync");
	expect_users(f, "3:Carol 1:Alice");
	assert_string_not_equal(store_now_revision(f->store), revision);
	assert_int_equal(f->watched, 1);
	assert_int_equal(remove_user(f, 'b', 2), RESULT_MISSING);
	assert_int_equal(remove_user(f, 'b', 4), RESULT_MISSING);
	assert_int_equal(remove_user(f, 'b', 0), RESULT_MISSING);
	reopen(f);
	expect_users(f, "3:Carol 1:Alice");
}

/* The number is not. */
FIXTURE_TEST(the_name_can_be_taken_again)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(remove_user(f, 'a', 3), RESULT_OK);
	assert_int_equal(create(f, 'b', "carol"), RESULT_TAKEN);
	run(f);
	assert_int_equal(create(f, 'b', "carol"), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:3:Carol b:ok:4:carol");
	expect_users(f, "4:carol 2:Bob 1:Alice");
	reopen(f);
	expect_users(f, "4:carol 2:Bob 1:Alice");
}

FIXTURE_TEST(changes_share_a_batch_with_creates)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	assert_int_equal(create(f, 'b', "Dave"), RESULT_OK);
	assert_int_equal(remove_user(f, 'c', 3), RESULT_OK);
	run(f);
	assert_string_equal(fake_disk_calls(f->disk), "write sync");
	expect_told(f, "b:ok:4:Dave a:ok:1:Alice c:ok:3:Carol");
	expect_users(f, "4:Dave 2:Bob");
	assert_int_equal(f->watched, 1);
}

/* Two organisers at once: one of them did it. */
FIXTURE_TEST(a_user_is_removed_once)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	assert_int_equal(remove_user(f, 'b', 1), RESULT_OK);
	send_and_hold(f);
	assert_int_equal(remove_user(f, 'c', 1), RESULT_OK);
	expect_told(f, "");
	finish(f);
	expect_told(f, "a:ok:1:Alice b:missing c:missing");
	expect_users(f, "3:Carol 2:Bob");
	reopen(f);
	expect_users(f, "3:Carol 2:Bob");
}

/* A change that has to wait does not let those behind it pass, and is not forgotten. */
FIXTURE_TEST(changes_keep_their_order)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	assert_int_equal(remove_user(f, 'b', 1), RESULT_OK);
	assert_int_equal(remove_user(f, 'c', 2), RESULT_OK);
	assert_int_equal(remove_user(f, 'd', 2), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1:Alice b:missing c:ok:2:Bob d:missing");
	expect_users(f, "3:Carol");
}

FIXTURE_TEST(a_removal_is_cancelled)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(remove_user(f, '!', 1), RESULT_OK);
	store_cancel(f->store, f->askers[f->asked - 1].job);
	run(f);
	expect_users(f, "3:Carol 2:Bob 1:Alice");
	assert_int_equal(remove_user(f, '!', 1), RESULT_OK);
	send_and_hold(f);
	store_cancel(f->store, f->askers[f->asked - 1].job);
	finish(f);
	expect_users(f, "3:Carol 2:Bob"); /* it was on its way */
}

FIXTURE_TEST(a_callback_begins_a_change)
{
	struct fixture *f = fixture;

	create_three(f);
	f->removes = 2;
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1:Alice x:ok:2:Bob");
	expect_users(f, "3:Carol");
}

/* Nothing was stored, and it can be tried again. */
FIXTURE_TEST(a_full_disk_refuses_a_removal)
{
	struct fixture *f = fixture;

	create_three(f);
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	assert_int_equal(create(f, 'b', "Dave"), RESULT_OK);
	run(f);
	expect_told(f, "b:full a:full");
	expect_users(f, "3:Carol 2:Bob 1:Alice");
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1:Alice");
	reopen(f);
	expect_users(f, "3:Carol 2:Bob");
}

/* A removal that waits behind it is refused as well. */
FIXTURE_TEST(a_failed_sync_refuses_all)
{
	struct fixture *f = fixture;

	create_three(f);
	fake_disk_fail(f->disk, VFS_SYNC, 0, 1, EIO);
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(remove_user(f, (char)('a' + i), 1 + i / 2), RESULT_OK);
	run(f);
	expect_told(f, "a:unavailable b:unavailable c:unavailable");
	expect_users(f, "3:Carol 2:Bob 1:Alice");
	assert_int_equal(remove_user(f, 'd', 1), RESULT_UNAVAILABLE);
}

FIXTURE_TEST(a_removal_frees_a_seat)
{
	struct fixture *f = fixture;

	create_three(f);
	store_set_limits(f->store, &(struct store_limits){.max_users = LIMIT_USERS, .seats = 3});
	assert_int_equal(remove_user(f, 'a', 2), RESULT_OK);
	assert_int_equal(create(f, 'b', "Dave"), RESULT_NO_SEAT); /* not yet */
	run(f);
	assert_int_equal(create(f, 'b', "Dave"), RESULT_OK);
	assert_int_equal(create(f, 'c', "Erin"), RESULT_NO_SEAT);
	run(f);
	expect_told(f, "a:ok:2:Bob b:ok:4:Dave");
}

/* More than one batch has room for. */
FIXTURE_TEST(many_changes)
{
	struct fixture *f = fixture;
	char name[16];

	for (unsigned i = 1; i <= 150; i++) {
		snprintf(name, sizeof(name), "user%u", i);
		assert_int_equal(create(f, 'c', name), RESULT_OK);
	}
	f->told_count = 0;
	memset(f->told, 0, sizeof(f->told));
	f->askers[0].label = 'c';
	run(f);
	f->told[0] = '\0';
	for (uint64_t i = 1; i <= 149; i++) {
		assert_int_equal(remove_user(f, 'r', i), RESULT_OK);
	}
	run(f);
	f->told[0] = '\0';
	expect_users(f, "150:user150");
	reopen(f);
	expect_users(f, "150:user150");
}

/* What a live list has not shown yet is passed over. */
FIXTURE_TEST(newer_users_without_those_removed)
{
	struct fixture *f = fixture;
	struct user users[4];
	struct store_news news;

	create_all(f, (const char *const[]){"A", "B", "C", "D", "E", NULL});
	assert_int_equal(remove_user(f, 'a', 3), RESULT_OK);
	assert_int_equal(remove_user(f, 'b', 5), RESULT_OK);
	run(f);
	assert_true(store_newer(f->store, 1, users, 1, &news));
	assert_int_equal(news.count, 1);
	assert_true(news.has_more);
	assert_int_equal(users[0].number, 2);
	assert_true(store_newer(f->store, 1, users, 4, &news));
	assert_int_equal(news.count, 2);
	assert_false(news.has_more);
	assert_int_equal(users[0].number, 2);
	assert_int_equal(users[1].number, 4);
	assert_true(store_newer(f->store, UINT64_MAX, users, 4, &news));
	assert_int_equal(news.count, 0);
	assert_false(news.has_more);
}

static uint64_t found_by(struct fixture *f, const char *name)
{
	struct username username;
	struct user holder = {0};
	struct store_job *job;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	enum result result = store_create(f->store, &username, NULL, NULL, &job, &holder);
	if (result == RESULT_OK)
		store_cancel(f->store, job);
	return holder.number;
}

/* Through a new file the first time: an older program shall not take the record for a torn end. */
FIXTURE_TEST(a_user_is_renamed)
{
	struct fixture *f = fixture;
	struct user before, after;

	create_three(f);
	expect_header(f, "rollcall-users\t1\tunicode ");
	assert_true(store_now_user(f->store, 2, &before));
	int64_t created = before.created;
	assert_int_equal(rename_user(f, 'a', 2, "Robert"), RESULT_OK);
	expect_users(f, "3:Carol 2:Bob 1:Alice");
	run(f);
	expect_told(f, "a:ok:2:Robert");
	expect_users(f, "3:Carol 2:Robert 1:Alice");
	assert_true(store_now_user(f->store, 2, &after));
	assert_int_equal(after.created, created);
	assert_int_equal(found_by(f, "robert"), 2);
	assert_int_equal(found_by(f, "bob"), 0);
	expect_header(f, "rollcall-users\t2\tunicode ");
	assert_int_equal(f->watched, 1);
	reopen(f);
	expect_users(f, "3:Carol 2:Robert 1:Alice");
	assert_int_equal(found_by(f, "robert"), 2);
	assert_int_equal(found_by(f, "bob"), 0);
	assert_int_equal(rename_user(f, 'b', 1, "Eve"), RESULT_OK);
	assert_int_equal(rename_user(f, 'c', 2, "Rob"), RESULT_OK);
	run(f);
	expect_told(f, "b:ok:1:Eve c:ok:2:Rob");
	assert_string_equal(fake_disk_calls(f->disk), "write sync"); /* as everything else */
	assert_int_equal(remove_user(f, 'd', 2), RESULT_OK);
	run(f);
	reopen(f);
	expect_users(f, "3:Carol 1:Eve");
}

/* Also behind another renaming, which has to be in the index first. */
FIXTURE_TEST(a_renaming_to_the_same_name)
{
	struct fixture *f = fixture;

	create_all(f, (const char *const[]){"Alice", "Bob", NULL});
	fake_disk_forget(f->disk);
	assert_int_equal(rename_user(f, 'a', 1, "Alice"), RESULT_OK);
	expect_told(f, "");
	run(f);
	expect_told(f, "a:unchanged:1:Alice");
	assert_string_equal(fake_disk_calls(f->disk), "");
	assert_int_equal(rename_user(f, 'b', 1, "alice"), RESULT_OK);
	assert_int_equal(rename_user(f, 'c', 1, "alice"), RESULT_OK);
	assert_int_equal(remove_user(f, 'd', 2), RESULT_OK);
	run(f);
	expect_told(f, "b:ok:1:alice c:unchanged:1:alice d:ok:2:Bob");
	reopen(f);
	expect_users(f, "1:alice");
}

FIXTURE_TEST(a_renaming_that_cannot_be)
{
	struct fixture *f = fixture;

	create_all(f, (const char *const[]){"Alice", "Bob", "Cop", NULL});
	assert_int_equal(rename_user(f, 'a', 1, "bob"), RESULT_TAKEN);
	assert_int_equal(f->holder, 2);
	assert_int_equal(rename_user(f, 'a', 1, "\u0421\u043e\u0440"), RESULT_ALIKE);
	assert_int_equal(f->holder, 3);
	assert_int_equal(rename_user(f, 'a', 9, "Zoe"), RESULT_MISSING);
	assert_int_equal(rename_user(f, 'a', 0, "Zoe"), RESULT_MISSING);
	run(f);
	expect_told(f, "");
	expect_header(f, "rollcall-users\t1\tunicode ");
}

/* One's own name in another spelling, or in letters that look like it. */
FIXTURE_TEST(a_user_gets_another_spelling)
{
	struct fixture *f = fixture;

	create_all(f, (const char *const[]){"alice", "Cop", NULL});
	assert_int_equal(rename_user(f, 'a', 1, "ALICE"), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 2, "\u0421\u043e\u0440"), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1:ALICE b:ok:2:\u0421\u043e\u0440");
	assert_int_equal(found_by(f, "Alice"), 1);
	assert_int_equal(found_by(f, "cop"), 2);
	assert_int_equal(rename_user(f, 'c', 2, "Dan"), RESULT_OK);
	run(f);
	assert_int_equal(found_by(f, "cop"), 0);
	reopen(f);
	expect_users(f, "2:Dan 1:ALICE");
	assert_int_equal(found_by(f, "cop"), 0);
}

/* The create was first, whatever the order in the batch. */
FIXTURE_TEST(a_renaming_waits_for_a_create)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(create(f, 'a', "Dave"), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 1, "dave"), RESULT_OK);
	assert_int_equal(create(f, 'c', "\u0410\u0410"), RESULT_OK);
	assert_int_equal(rename_user(f, 'd', 2, "AA"), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:4:Dave c:ok:5:\u0410\u0410 b:taken:4:Dave d:alike:5:\u0410\u0410");
	expect_users(f, "5:\u0410\u0410 4:Dave 3:Carol 2:Bob 1:Alice");
}

/* And gets the name if that fails. */
FIXTURE_TEST(a_renaming_after_a_create_that_failed)
{
	struct fixture *f = fixture;

	create_three(f);
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(create(f, 'a', "Dave"), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 1, "dave"), RESULT_OK);
	run(f);
	expect_told(f, "a:full b:ok:1:dave");
	expect_users(f, "3:Carol 2:Bob 1:dave");
}

/* Begun while the name is on its way to the disk: with all that wait for it. */
FIXTURE_TEST(creates_wait_for_a_renaming)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(rename_user(f, 'a', 1, "Cop"), RESULT_OK);
	send_and_hold(f);
	assert_int_equal(create(f, 'b', "cop"), RESULT_OK);
	assert_int_equal(create(f, 'c', "COP"), RESULT_OK);
	assert_int_equal(create(f, 'd', "\u0421\u043e\u0440"), RESULT_OK);
	assert_int_equal(create(f, 'e', "Erin"), RESULT_OK);
	assert_int_equal(rename_user(f, 'f', 2, "cop"), RESULT_OK);
	finish(f);
	expect_told(f, "b:taken:1:Cop c:taken:1:Cop d:alike:1:Cop a:ok:1:Cop f:taken:1:Cop "
		       "e:ok:4:Erin");
	expect_users(f, "4:Erin 3:Carol 2:Bob 1:Cop");
	reopen(f);
	expect_users(f, "4:Erin 3:Carol 2:Bob 1:Cop");
}

FIXTURE_TEST(creates_go_on_when_a_renaming_fails)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(rename_user(f, 'r', 3, "Karl"), RESULT_OK);
	run(f);
	f->told[0] = '\0';
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(rename_user(f, 'a', 1, "Dave"), RESULT_OK);
	fake_disk_hold(f->disk);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(create(f, 'b', "dave"), RESULT_OK);
	finish(f);
	expect_told(f, "a:full b:ok:4:dave");
	expect_users(f, "4:dave 3:Karl 2:Bob 1:Alice");
}

FIXTURE_TEST(two_renamings_to_one_name)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(rename_user(f, 'a', 1, "Dave"), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 2, "dave"), RESULT_OK);
	assert_int_equal(rename_user(f, 'c', 1, "Dan"), RESULT_OK);
	assert_int_equal(rename_user(f, 'd', 3, "DAVE"), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1:Dave b:taken:1:Dave c:ok:1:Dan d:ok:3:DAVE");
	expect_users(f, "3:DAVE 2:Bob 1:Dan");
}

FIXTURE_TEST(a_removed_user_is_renamed_no_more)
{
	struct fixture *f = fixture;

	create_three(f);
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 1, "Dave"), RESULT_OK);
	assert_int_equal(rename_user(f, 'c', 2, "Dave"), RESULT_OK);
	assert_int_equal(remove_user(f, 'd', 2), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1:Alice b:missing c:ok:2:Dave d:ok:2:Dave");
	expect_users(f, "3:Carol");
	reopen(f);
	expect_users(f, "3:Carol");
}

/* The new file of the next version could not be written: all is as before. */
FIXTURE_TEST(a_full_disk_refuses_a_renaming)
{
	struct fixture *f = fixture;

	create_three(f);
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	assert_int_equal(rename_user(f, 'a', 1, "Dave"), RESULT_OK);
	assert_int_equal(create(f, 'b', "Erin"), RESULT_OK);
	run(f);
	expect_told(f, "b:full a:full");
	expect_header(f, "rollcall-users\t1\tunicode ");
	assert_int_equal(create(f, 'c', "Erin"), RESULT_OK);
	assert_int_equal(rename_user(f, 'd', 1, "Dave"), RESULT_OK);
	run(f);
	expect_told(f, "c:ok:4:Erin d:ok:1:Dave");
	expect_header(f, "rollcall-users\t2\tunicode ");
	reopen(f);
	expect_users(f, "4:Erin 3:Carol 2:Bob 1:Dave");
}

static void on_named(void *argument, const struct store_answer *answer)
{
	struct fixture *f = argument;
	char *end = f->told;

	assert_int_equal(answer->result, RESULT_OK);
	for (size_t i = 0; i < answer->count; i++)
		end += snprintf(end, 80, "%" PRIu64 " ", answer->users[i].number);
	snprintf(end, 40, "of %zu%s", answer->found, answer->has_next ? "+" : "");
}

static void expect_named(struct fixture *f, const char *name, size_t most, const char *wanted)
{
	struct username username;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	const struct store_question question = {.named = &username, .most = most};
	assert_null(store_ask(f->store, &question, on_named, f));
	expect_told(f, wanted);
}

/* As a file has them after new Unicode tables: several with one name. */
FIXTURE_TEST(users_of_one_name)
{
	struct fixture *f = fixture;
	struct buffer bytes = {0};

	close_store(f);
	flat_file_header(&bytes);
	flat_file_created(&bytes, 1, "Ann");
	flat_file_created(&bytes, 2, "ann");
	flat_file_created(&bytes, 3, "Bob");
	flat_file_created(&bytes, 4, "ANN");
	flat_file_write(f->file.path, bytes.bytes, bytes.length);
	buffer_free(&bytes);
	open_store(f);
	expect_named(f, "ANN", 10, "4 1 2 of 3");
	expect_named(f, "Ann", 10, "1 2 4 of 3");
	expect_named(f, "aNN", 2, "1 2 of 3+");
	expect_named(f, "bob", 10, "3 of 1");
	expect_named(f, "Zoe", 10, "of 0");
	assert_int_equal(remove_user(f, 'a', 1), RESULT_OK);
	run(f);
	f->told[0] = '\0';
	expect_named(f, "Ann", 10, "2 4 of 2");
	assert_int_equal(rename_user(f, 'a', 4, "Ann"), RESULT_TAKEN); /* by another of them */
	assert_int_equal(f->holder, 2);
	assert_int_equal(rename_user(f, 'a', 2, "Ann"), RESULT_TAKEN); /* the other way round */
	assert_int_equal(f->holder, 4);
	assert_int_equal(rename_user(f, 'a', 2, "Zoe"), RESULT_OK);
	run(f);
	assert_int_equal(rename_user(f, 'b', 4, "Ann"), RESULT_OK);
	run(f);
}

/* For live lists: in the order in which they were stored. A user is as it is now. */
FIXTURE_TEST(what_became_of_users)
{
	struct fixture *f = fixture;
	struct store_change changes[4];
	struct store_news news;

	create_three(f);
	uint64_t before = store_view(f->store, 0)->change;
	assert_int_equal(rename_user(f, 'a', 2, "Ada"), RESULT_OK);
	run(f);
	assert_int_equal(rename_user(f, 'b', 1, "Eve"), RESULT_OK);
	run(f);
	assert_int_equal(remove_user(f, 'c', 2), RESULT_OK);
	run(f);
	assert_int_equal(store_view(f->store, 0)->change, before + 3);
	assert_int_equal(store_changes(f->store, before, changes, 4, &news), RESULT_OK);
	assert_int_equal(news.count, 3);
	assert_int_equal(changes[0].kind, STORE_REMOVED); /* by now */
	assert_int_equal(changes[0].user.number, 2);
	assert_int_equal(changes[1].kind, STORE_RENAMED);
	assert_memory_equal(changes[1].user.name, "Eve", 3);
	assert_int_equal(changes[2].kind, STORE_REMOVED);
	reopen(f);
	assert_int_equal(store_changes(f->store, before + 3, changes, 4, &news), RESULT_MISSING);
}

/* Accented Latin ones as well, of users that came, were renamed and left while it runs. */
FIXTURE_TEST(names_that_look_alike_while_it_runs)
{
	struct fixture *f = fixture;

	create_all(f, (const char *const[]){"co\u00eb", "Ann", NULL});
	assert_int_equal(found_by(f, "\u0441\u043e\u0451"), 1);
	assert_int_equal(rename_user(f, 'a', 2, "Jos\u00e8"), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 1, "Bob"), RESULT_OK);
	run(f);
	assert_int_equal(found_by(f, "\u0441\u043e\u0451"), 0);
	assert_int_equal(found_by(f, "\u0408\u043e\u0455\u0450"), 2);
	assert_int_equal(remove_user(f, 'c', 2), RESULT_OK);
	run(f);
	assert_int_equal(found_by(f, "\u0408\u043e\u0455\u0450"), 0);
}
