/* A list that is imported into a store that is in use: all of it or nothing, in one step. */
#include "support/unit/changing_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/names/username.h"
#include "support/test.h"
#include "support/unit/store_now.h"

static struct store_import *begin_import(struct fixture *f)
{
	struct store_import *import;

	assert_int_equal(store_import_begin(f->store, &import), RESULT_OK);
	return import;
}

static enum result import_user(struct fixture *f, struct store_import *import, const char *name)
{
	struct username username;
	struct user holder = {0};

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	enum result result = store_import_add(import, &username, 1000, &holder);
	f->holder = holder.number;
	return result;
}

static void commit_import(struct fixture *f, struct store_import *import, char label)
{
	assert_int_equal(store_import_commit(import, on_told, new_asker(f, label)), RESULT_OK);
}

/* Everything waits for it, and comes after it. */
FIXTURE_TEST(an_import_is_stored_in_one_step)
{
	struct fixture *f = fixture;
	struct store_import *other;

	create_three(f);
	struct store_import *import = begin_import(f);
	assert_int_equal(store_import_begin(f->store, &other), RESULT_BUSY);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	assert_int_equal(import_user(f, import, "Erin"), RESULT_OK);
	run(f);
	expect_users(f, "3:Carol 2:Bob 1:Alice");
	assert_int_equal(create(f, 'a', "Frank"), RESULT_OK);
	commit_import(f, import, 'i');
	assert_int_equal(create(f, 'b', "Grace"), RESULT_OK);
	assert_int_equal(create(f, 'd', "dave"), RESULT_OK);
	assert_int_equal(remove_user(f, 'r', 1), RESULT_OK);
	run(f);
	expect_told(f, "i:ok d:taken:4:Dave a:ok:6:Frank b:ok:7:Grace r:ok:1:Alice");
	expect_users(f, "7:Grace 6:Frank 5:Erin 4:Dave 3:Carol 2:Bob");
	reopen(f);
	expect_users(f, "7:Grace 6:Frank 5:Erin 4:Dave 3:Carol 2:Bob");
	store_import_abandon(begin_import(f));
}

FIXTURE_TEST(an_import_of_many_is_shown_in_parts_and_whole_at_its_end)
{
	struct fixture *f = fixture;
	struct store_import *import = begin_import(f);

	for (int i = 0; i < 1000; i++) {
		char name[16];
		snprintf(name, sizeof(name), "user %d", i);
		assert_int_equal(import_user(f, import, name), RESULT_OK);
	}
	commit_import(f, import, 'i');
	run(f);
	expect_told(f, "i:ok");
	assert_int_equal(store_now_count(f->store), 1000);
	assert_int_equal(f->watched, 1);
	assert_int_equal(create(f, 'a', "Alice"), RESULT_OK);
	run(f);
	expect_told(f, "a:ok:1001:Alice");
	reopen(f);
	assert_int_equal(store_now_count(f->store), 1001);
}

FIXTURE_TEST(an_import_has_each_name_once)
{
	struct fixture *f = fixture;

	create_three(f);
	struct store_import *import = begin_import(f);
	assert_int_equal(import_user(f, import, "BOB"), RESULT_TAKEN);
	assert_int_equal(f->holder, 2);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	assert_int_equal(import_user(f, import, "dave"), RESULT_TAKEN);
	assert_int_equal(f->holder, 0);
	store_import_abandon(import);
	run(f);
	expect_users(f, "3:Carol 2:Bob 1:Alice");
	assert_string_equal(fake_disk_calls(f->disk), "");
}

/* Somebody who signs up is not turned away for it. */
FIXTURE_TEST(a_name_that_is_taken_meanwhile_ends_an_import)
{
	struct fixture *f = fixture;

	create_three(f);
	struct store_import *import = begin_import(f);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	assert_int_equal(create(f, 'a', "dave"), RESULT_OK);
	run(f);
	commit_import(f, import, 'i');
	run(f);
	expect_told(f, "a:ok:4:dave i:taken:4:dave");
	import = begin_import(f);
	assert_int_equal(import_user(f, import, "Erin"), RESULT_OK);
	assert_int_equal(rename_user(f, 'b', 1, "erin"), RESULT_OK);
	run(f);
	commit_import(f, import, 'j');
	run(f);
	expect_told(f, "b:ok:1:erin j:taken:1:erin");
	expect_users(f, "4:dave 3:Carol 2:Bob 1:erin");
}

FIXTURE_TEST(an_import_that_cannot_be_written_leaves_nothing)
{
	struct fixture *f = fixture;

	create_three(f);
	struct store_import *import = begin_import(f);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	fake_disk_fail(f->disk, VFS_WRITE, 0, 1, ENOSPC);
	commit_import(f, import, 'i');
	assert_int_equal(create(f, 'a', "Erin"), RESULT_OK);
	run(f);
	expect_told(f, "i:full a:ok:4:Erin");
	reopen(f);
	expect_users(f, "4:Erin 3:Carol 2:Bob 1:Alice");
}

/* The client has gone: too late once it is committed. */
FIXTURE_TEST(an_import_is_given_up)
{
	struct fixture *f = fixture;

	create_three(f);
	struct store_import *import = begin_import(f);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	commit_import(f, import, '!');
	store_import_abandon(import);
	run(f);
	expect_told(f, "");
	expect_users(f, "4:Dave 3:Carol 2:Bob 1:Alice");
	import = begin_import(f);
	assert_int_equal(import_user(f, import, "Erin"), RESULT_OK);
	close_store(f); /* and the server may stop meanwhile */
	open_store(f);
	expect_users(f, "4:Dave 3:Carol 2:Bob 1:Alice");
}

FIXTURE_TEST(an_import_of_more_than_there_may_be_is_refused)
{
	struct fixture *f = fixture;

	create_three(f);
	store_set_limits(f->store, &(struct store_limits){.max_users = 4, .seats = 1});
	struct store_import *import = begin_import(f);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	/* Those that are there take no seat. */
	assert_int_equal(import_user(f, import, "Alice"), RESULT_TAKEN);
	assert_int_equal(import_user(f, import, "Erin"), RESULT_NO_SEAT);
	/* The limit counts that there is at the end. */
	store_set_limits(f->store, &(struct store_limits){.max_users = 3, .seats = 1});
	assert_int_equal(store_import_commit(import, on_told, new_asker(f, '!')), RESULT_NO_SEAT);
	store_set_limits(f->store, &(struct store_limits){.max_users = 4, .seats = 1});
	store_import_abandon(import);
	import = begin_import(f);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	commit_import(f, import, 'i');
	run(f);
	expect_told(f, "i:ok");
	expect_users(f, "4:Dave 3:Carol 2:Bob 1:Alice");
}

FIXTURE_TEST(users_of_an_import_that_is_being_stored_have_their_seats)
{
	struct fixture *f = fixture;

	create_three(f);
	store_set_limits(f->store, &(struct store_limits){.max_users = 5});
	struct store_import *import = begin_import(f);
	assert_int_equal(import_user(f, import, "Dave"), RESULT_OK);
	commit_import(f, import, 'i');
	assert_int_equal(create(f, 'a', "Erin"), RESULT_OK);
	assert_int_equal(create(f, '!', "Frank"), RESULT_NO_SEAT);
	run(f);
	expect_told(f, "i:ok a:ok:5:Erin");
}
