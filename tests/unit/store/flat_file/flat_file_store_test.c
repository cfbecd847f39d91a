#include "support/test.h"
#include "support/unit/store_now.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/limit.h"
#include "base/timestamp.h"
#include "store/flat_file/flat_file_store.h"
#include "store/flat_file/header.h"
#include "store/flat_file/journal.h"
#include "store/names/username.h"
#include "store/store.h"
#include "support/disk/fake_disk.h"
#include "support/unit/captured_log.h"
#include "support/unit/flat_file.h"
#include "support/unit/result_word.h"
#include "support/unit/wall_clock.h"

/* A caller. */
struct asker {
	struct fixture *fixture;
	const char *label;
	struct store_job *create;
};

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct captured_log log;
	uv_loop_t loop;
	struct flat_file_store_settings settings;
	struct store *store;
	uv_async_t async; /* these two and the askers are here to outlive a test that fails */
	uv_prepare_t prepare;
	uv_timer_t soon;
	struct reason reason;
	struct asker askers[LIMIT_PENDING + 1];
	size_t asked;
	size_t told_count;
	char told[512]; /* outcome of each caller, in order: "a:ok:1:Alice b:taken:1:Alice c:full"
			 */
};

static int set_up(void **state)
{
	(void)state;
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	flat_file_make(&fixture->file);
	fixture->disk = fake_disk_open(vfs_posix());
	captured_log_open(&fixture->log, LOG_DEBUG);
	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	fixture->settings = (struct flat_file_store_settings){.loop = &fixture->loop,
		.log = fixture->log.log,
		.vfs = fake_disk_table(fixture->disk),
		.directory = fixture->file.directory.path,
		.limits = {.max_users = LIMIT_USERS}};
	*state = fixture;
	return 0;
}

static enum result try_open(struct fixture *fixture)
{
	enum result result =
		flat_file_store_open(&fixture->settings, &fixture->store, &fixture->reason);

	fake_disk_forget(fixture->disk);
	return result;
}

static void open_store(struct fixture *fixture)
{
	assert_int_equal(try_open(fixture), RESULT_OK);
}

/* Runs the loop until all that was asked for is done: a store without work does not keep it alive.
 */
static void run(struct fixture *fixture)
{
	assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

static void close_store(struct fixture *fixture)
{
	if (fixture->store == NULL)
		return;
	store_stop(fixture->store);
	run(fixture);
	store_close(fixture->store);
	fixture->store = NULL;
}

static void reopen(struct fixture *fixture)
{
	close_store(fixture);
	open_store(fixture);
}

static void let_loop_end(uv_handle_t *handle, void *argument)
{
	(void)argument;
	uv_unref(handle);
}

/* Every test ends with a loop on which nothing is left. One that failed may leave a sync that is
 * held, or a handle; it shall not wait for them for ever. */
static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	fake_disk_let_go(fixture->disk);
	uv_walk(&fixture->loop, let_loop_end, NULL);
	run(fixture);
	close_store(fixture);
	assert_int_equal(uv_loop_close(&fixture->loop), 0);
	captured_log_close(&fixture->log);
	fake_disk_close(fixture->disk);
	flat_file_remove(&fixture->file);
	free(fixture);
	return 0;
}

static void on_created(void *argument, enum result result, const struct user *user)
{
	const struct asker *asker = argument;
	struct fixture *fixture = asker->fixture;
	size_t length = strlen(fixture->told);
	char *end = fixture->told + length;
	size_t left = sizeof(fixture->told) - length;

	fixture->told_count++;
	if (asker->label == NULL)
		return;
	int added = snprintf(
		end, left, "%s%s:%s", length > 0 ? " " : "", asker->label, result_word(result));
	if (user != NULL)
		snprintf(end + added, left - (size_t)added, ":%" PRIu64 ":%.*s", user->number,
			(int)user->name_length, user->name);
}

static enum result try_ask(
	struct fixture *fixture, const char *label, const char *name, struct user *holder)
{
	struct asker *asker = &fixture->askers[fixture->asked];
	struct username username;
	size_t told = fixture->told_count;

	assert_in_range(fixture->asked, 0, LIMIT_PENDING);
	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	*asker = (struct asker){.fixture = fixture, .label = label};
	enum result result =
		store_create(fixture->store, &username, on_created, asker, &asker->create, holder);
	assert_int_equal(fixture->told_count, told); /* never from within */
	fixture->asked += result == RESULT_OK;
	return result;
}

static struct store_job *ask(struct fixture *fixture, const char *label, const char *name)
{
	struct user holder;

	assert_int_equal(try_ask(fixture, label, name, &holder), RESULT_OK);
	return fixture->askers[fixture->asked - 1].create;
}

static void expect_refused(struct fixture *fixture, const char *name, enum result wanted)
{
	struct user holder;

	assert_int_equal(try_ask(fixture, "refused", name, &holder), wanted);
}

static void ask_many(struct fixture *fixture, size_t count)
{
	char name[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "user%zu", fixture->asked + 1);
		ask(fixture, NULL, name);
	}
}

/* One turn of the loop, which does not wait. */
static void turn(struct fixture *fixture)
{
	uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

/* Sends what was asked for to the disk, where it stays before the end of its sync. */
static void send_and_hold(struct fixture *fixture)
{
	fake_disk_hold(fixture->disk);
	turn(fixture);
	fake_disk_wait_held(fixture->disk);
}

static void finish(struct fixture *fixture)
{
	fake_disk_let_go(fixture->disk);
	run(fixture);
}

/* Since the last time. */
static void expect_told(struct fixture *fixture, const char *wanted)
{
	assert_string_equal(fixture->told, wanted);
	fixture->told[0] = '\0';
}

static void expect_calls(struct fixture *fixture, const char *wanted)
{
	assert_string_equal(fake_disk_calls(fixture->disk), wanted);
	fake_disk_forget(fixture->disk);
}

static void expect_ready(const struct fixture *fixture)
{
	const char *reason = "not set";

	assert_int_equal(store_ready(fixture->store, &reason), RESULT_OK);
	assert_null(reason);
}

static void expect_not_ready(
	const struct fixture *fixture, enum result wanted, const char *wanted_reason)
{
	const char *reason = NULL;

	assert_int_equal(store_ready(fixture->store, &reason), wanted);
	assert_non_null(reason);
	assert_string_equal(reason, wanted_reason);
}

static void expect_not_ready_for(const struct fixture *fixture, const char *words)
{
	const char *reason = NULL;

	assert_int_equal(store_ready(fixture->store, &reason), RESULT_UNAVAILABLE);
	if (reason == NULL || strstr(reason, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", reason, words);
}

/* A page in words: "newer 8 6 older" if there are users newer than 8 and older than 6. */
static void expect_page(const struct fixture *fixture, enum store_from from, uint64_t number,
	size_t most, const char *wanted)
{
	struct user users[16];
	char text[256] = "";
	struct store_page page = store_now_page(fixture->store, from, number, users, most);

	assert_in_range(page.count, 0, most);
	for (size_t i = 0; i < page.count; i++) {
		size_t length = strlen(text);
		snprintf(text + length, sizeof(text) - length, " %" PRIu64, users[i].number);
	}
	char all[300];
	snprintf(all, sizeof(all), "%s%s%s", page.has_previous ? "newer" : "", text,
		page.has_next ? " older" : "");
	assert_string_equal(all[0] == ' ' ? all + 1 : all, wanted);
}

/* There is that user, by number as in the list, and nobody else has the name. */
static void expect_user(struct fixture *fixture, uint64_t number, const char *name)
{
	struct user user, same, holder;

	assert_true(store_now_user(fixture->store, number, &user));
	assert_int_equal(user.number, number);
	assert_int_equal(user.name_length, strlen(name));
	assert_memory_equal(user.name, name, user.name_length);
	assert_int_equal(
		store_now_page(fixture->store, STORE_OLDER_THAN, number + 1, &same, 1).count, 1);
	assert_memory_equal(&same, &user, sizeof(user));
	assert_int_equal(try_ask(fixture, "holder", name, &holder), RESULT_TAKEN);
	assert_memory_equal(&holder, &user, sizeof(user));
}

static void expect_nobody(const struct fixture *fixture, uint64_t number)
{
	struct user user;

	assert_false(store_now_user(fixture->store, number, &user));
}

static void put_file(struct fixture *fixture, struct buffer *bytes)
{
	assert_false(bytes->failed);
	flat_file_write(fixture->file.path, bytes->bytes, bytes->length);
	flat_file_lock(&fixture->file, "clean\n");
	buffer_free(bytes);
}

static void put_users(struct fixture *fixture, uint64_t count)
{
	struct buffer bytes = {0};

	flat_file_users(&bytes, count);
	put_file(fixture, &bytes);
}

/* Users 2, 4, 6, 8 and 10; the numbers between are nobody's any more. */
static void put_even_users(struct fixture *fixture)
{
	struct buffer bytes = {0};
	char name[32];

	flat_file_header(&bytes);
	for (uint64_t number = 1; number <= 11; number++) {
		snprintf(name, sizeof(name), "user%" PRIu64, number);
		flat_file_created(&bytes, number, name);
		if (number % 2 != 0)
			flat_file_removed(&bytes, number, name);
	}
	put_file(fixture, &bytes);
}

FIXTURE_TEST(empty)
{
	open_store(fixture);
	expect_ready(fixture);
	assert_int_equal(store_now_count(fixture->store), 0);
	expect_nobody(fixture, 0);
	expect_nobody(fixture, 1);
	expect_nobody(fixture, UINT64_MAX);
	run(fixture); /* returns: nothing of the store keeps the loop alive */
	expect_calls(fixture, "");
	store_close(NULL);
}

FIXTURE_TEST(told_and_visible_after_the_sync)
{
	open_store(fixture);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	for (size_t i = 0; i < 3; i++)
		turn(fixture);
	expect_calls(fixture, "write sync"); /* it is written, but not yet known to be on disk */
	expect_told(fixture, "");
	assert_int_equal(store_now_count(fixture->store), 0);
	expect_nobody(fixture, 1);
	expect_page(fixture, STORE_NEWEST, 0, 10, "");
	finish(fixture);
	expect_told(fixture, "a:ok:1:Alice");
	assert_int_equal(store_now_count(fixture->store), 1);
	expect_user(fixture, 1, "Alice");
	expect_calls(fixture, "");
}

FIXTURE_TEST(one_sync_for_one_turn)
{
	open_store(fixture);
	ask_many(fixture, 1000);
	expect_calls(fixture, "");
	run(fixture);
	expect_calls(fixture, "write sync");
	assert_int_equal(fixture->told_count, 1000);
	assert_int_equal(store_now_count(fixture->store), 1000);
	expect_user(fixture, 1, "user1");
	expect_user(fixture, 1000, "user1000");
}

static void on_prepared(uv_prepare_t *prepare)
{
	ask(prepare->data, "b", "Bob");
	uv_close((uv_handle_t *)prepare, NULL);
}

static void on_polled(uv_async_t *async)
{
	ask(async->data, "c", "Carol");
	uv_close((uv_handle_t *)async, NULL);
}

/* Before the turn, before its poll and in it: all goes to the disk together, after the poll. */
FIXTURE_TEST(one_sync_for_all_phases_of_a_turn)
{
	open_store(fixture);
	fixture->prepare.data = fixture;
	fixture->async.data = fixture;
	assert_int_equal(uv_prepare_init(&fixture->loop, &fixture->prepare), 0);
	assert_int_equal(uv_prepare_start(&fixture->prepare, on_prepared), 0);
	assert_int_equal(uv_async_init(&fixture->loop, &fixture->async, on_polled), 0);
	assert_int_equal(uv_async_send(&fixture->async), 0);
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:ok:1:Alice b:ok:2:Bob c:ok:3:Carol");
	expect_calls(fixture, "write sync");
}

FIXTURE_TEST(next_batch_gathers_during_a_sync)
{
	open_store(fixture);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ask(fixture, "b", "Bob");
	assert_int_not_equal(uv_backend_timeout(&fixture->loop), 0); /* nothing to be awake for */
	turn(fixture);
	ask(fixture, "c", "Carol");
	turn(fixture);
	expect_calls(fixture, "write sync");
	expect_told(fixture, "");
	finish(fixture);
	expect_calls(fixture, "write sync");
	expect_told(fixture, "a:ok:1:Alice b:ok:2:Bob c:ok:3:Carol");
}

/* What a callback sees in the store when it is called. */
struct witness {
	struct fixture *fixture;
	uint64_t seen;
};

static void look_and_ask(void *argument, enum result result, const struct user *user)
{
	struct witness *witness = argument;

	assert_int_equal(result, RESULT_OK);
	assert_int_equal(user->number, 1);
	witness->seen = store_now_count(witness->fixture->store);
	ask(witness->fixture, "c", "Carol");
}

/* For Alice; her callback looks into the store. */
static void ask_and_look(struct witness *witness)
{
	struct username alice;
	struct store_job *create;
	struct user holder;

	assert_int_equal(username_parse("Alice", 5, &alice), USERNAME_FINE);
	assert_int_equal(store_create(witness->fixture->store, &alice, look_and_ask, witness,
				 &create, &holder),
		RESULT_OK);
}

/* The first callback of a batch sees all of the batch, and can begin another create. */
FIXTURE_TEST(whole_batch_is_visible_to_the_first_told)
{
	struct witness witness = {.fixture = fixture};

	open_store(fixture);
	ask_and_look(&witness);
	ask(fixture, "b", "Bob");
	run(fixture);
	assert_int_equal(witness.seen, 2);
	expect_told(fixture, "b:ok:2:Bob c:ok:3:Carol");
}

/* Bob is on the way to the disk when Alice is answered: Carol, created from that callback, is not
 * in his batch. */
FIXTURE_TEST(the_disk_has_its_next_batch_before_the_last_is_answered)
{
	struct witness witness = {.fixture = fixture};

	open_store(fixture);
	ask_and_look(&witness);
	send_and_hold(fixture);
	ask(fixture, "b", "Bob");
	finish(fixture);
	assert_int_equal(witness.seen, 1);
	expect_calls(fixture, "write sync write sync write sync");
	expect_told(fixture, "b:ok:2:Bob c:ok:3:Carol");
}

/* The first caller gets the name, however the others spell it. */
static void expect_first_gets(
	struct fixture *fixture, const char *first, const char *second, const char *wanted)
{
	ask(fixture, "a", first);
	ask(fixture, "b", second);
	run(fixture);
	expect_told(fixture, wanted);
	expect_calls(fixture, "write sync");
}

FIXTURE_TEST(same_name_twice)
{
	open_store(fixture);
	expect_first_gets(fixture, "Alice", "ALICE", "a:ok:1:Alice b:taken:1:Alice");
	expect_first_gets(fixture, "BOB", "bob", "a:ok:2:BOB b:taken:2:BOB");
	assert_int_equal(store_now_count(fixture->store), 2);
	reopen(fixture);
	assert_int_equal(store_now_count(fixture->store), 2);
	assert_int_equal(captured_log_count(&fixture->log, "same-name"), 0);
}

FIXTURE_TEST(same_name_while_on_its_way)
{
	open_store(fixture);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ask(fixture, "b", "alice");
	ask(fixture, "c", "Carol");
	finish(fixture);
	expect_told(fixture, "a:ok:1:Alice b:taken:1:Alice c:ok:2:Carol");
	assert_int_equal(store_now_count(fixture->store), 2);
}

FIXTURE_TEST(same_name_while_the_first_fails)
{
	open_store(fixture);
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, ENOSPC);
	ask(fixture, "a", "Alice");
	ask(fixture, "b", "ALICE");
	run(fixture);
	expect_told(fixture, "a:full b:full");
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, EIO);
	ask(fixture, "c", "Alice");
	send_and_hold(fixture);
	ask(fixture, "d", "alice");
	finish(fixture);
	expect_told(fixture, "c:unavailable d:unavailable");
	assert_int_equal(store_now_count(fixture->store), 0);
}

FIXTURE_TEST(name_of_a_stored_user)
{
	struct user holder;

	put_users(fixture, 3);
	open_store(fixture);
	assert_int_equal(try_ask(fixture, "a", "USER2", &holder), RESULT_TAKEN);
	assert_int_equal(holder.number, 2);
	assert_int_equal(holder.name_length, 5);
	assert_memory_equal(holder.name, "user2", 5);
	run(fixture);
	expect_told(fixture, "");
	expect_calls(fixture, "");
}

FIXTURE_TEST(cancel_before_hand_over)
{
	open_store(fixture);
	store_cancel(fixture->store, ask(fixture, "a", "Alice"));
	run(fixture);
	expect_calls(fixture, "");
	expect_told(fixture, "");
	assert_int_equal(store_now_count(fixture->store), 0);
	ask(fixture, "b", "Alice"); /* the name is free */
	run(fixture);
	expect_told(fixture, "b:ok:1:Alice");
}

/* The same for one of the batch that waits for another. */
FIXTURE_TEST(cancel_during_another_sync)
{
	open_store(fixture);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	struct store_job *waiting = ask(fixture, "b", "ALICE");
	struct store_job *queued = ask(fixture, "c", "Carol");
	turn(fixture);
	store_cancel(fixture->store, waiting);
	store_cancel(fixture->store, queued);
	finish(fixture);
	expect_told(fixture, "a:ok:1:Alice");
	expect_calls(fixture, "write sync");
	assert_int_equal(store_now_count(fixture->store), 1);
}

FIXTURE_TEST(cancel_on_its_way)
{
	open_store(fixture);
	struct store_job *create = ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ask(fixture, "b", "ALICE");
	store_cancel(fixture->store, create);
	finish(fixture);
	expect_told(fixture, "b:taken:1:Alice");
	assert_int_equal(store_now_count(fixture->store), 1);
	reopen(fixture);
	expect_user(fixture, 1, "Alice");
}

FIXTURE_TEST(cancel_of_the_first)
{
	open_store(fixture);
	struct store_job *first = ask(fixture, "a", "Alice");
	ask(fixture, "b", "ALICE");
	ask(fixture, "c", "alice");
	store_cancel(fixture->store, first);
	run(fixture);
	expect_told(fixture, "b:ok:1:ALICE c:taken:1:ALICE");
	expect_user(fixture, 1, "ALICE");
}

/* All that can be read is what three users in the file make of it. */
static void expect_three_users(struct fixture *fixture)
{
	assert_int_equal(store_now_count(fixture->store), 3);
	expect_user(fixture, 2, "user2");
	expect_page(fixture, STORE_NEWEST, 0, 10, "3 2 1");
	expect_nobody(fixture, 4);
}

static void fill_disk(struct fixture *fixture)
{
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, ALWAYS, ENOSPC);
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, ALWAYS, ENOSPC);
}

/* A store with three users that has found out that its disk is full. */
static void open_full(struct fixture *fixture)
{
	put_users(fixture, 3);
	open_store(fixture);
	fill_disk(fixture);
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:full");
	expect_not_ready(fixture, RESULT_FULL, "No space left on device");
}

FIXTURE_TEST(full_disk)
{
	open_full(fixture);
	expect_three_users(fixture);
	ask(fixture, "b", "Bob");
	ask(fixture, "c", "Carol");
	run(fixture);
	expect_told(fixture, "b:full c:full");
	assert_int_equal(captured_log_count(&fixture->log, "store-full"), 1); /* not each time */
	captured_log_expect(
		&fixture->log, "level=error event=store-full reason=\"No space left on device\"");
	assert_int_equal(captured_log_count(&fixture->log, "store-ready"), 0);
}

FIXTURE_TEST(create_after_a_full_disk)
{
	open_full(fixture);
	fake_disk_repair(fixture->disk);
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	expect_ready(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "store-ready"), 1);
	reopen(fixture);
	assert_int_equal(store_now_count(fixture->store), 4);
	expect_user(fixture, 4, "Alice");
	assert_int_equal(captured_log_count(&fixture->log, "torn-tail"), 0);
}

static void keep_timer(uv_handle_t *handle, void *argument)
{
	if (handle->type == UV_TIMER)
		*(uv_timer_t **)argument = (uv_timer_t *)handle;
}

/* The timer of the store, which is the only one on the loop. */
static uv_timer_t *find_timer(struct fixture *fixture)
{
	uv_timer_t *timer = NULL;

	uv_walk(&fixture->loop, keep_timer, &timer);
	assert_non_null(timer);
	return timer;
}

/* Lets the timer go off at the next turn, which spares the test the time until then. */
static uv_timer_t *expire(struct fixture *fixture)
{
	uv_timer_t *timer = find_timer(fixture);
	uint64_t repeat = uv_timer_get_repeat(timer);

	assert_true(uv_is_active((const uv_handle_t *)timer));
	assert_in_range(repeat, 1, 10000); /* soon enough to be of use */
	assert_int_equal(uv_timer_start(timer, timer->timer_cb, 0, repeat), 0);
	return timer;
}

/* Lets it go off now. */
static void ring(struct fixture *fixture)
{
	uv_timer_t *timer = expire(fixture);

	uv_ref((uv_handle_t *)timer);
	turn(fixture);
	uv_unref((uv_handle_t *)timer);
}

/* Waits until the store has looked after its file, and knows what it saw. */
static void look(struct fixture *fixture)
{
	fake_disk_forget(fixture->disk);
	ring(fixture);
	run(fixture);
}

FIXTURE_TEST(ready_again_by_itself)
{
	open_full(fixture);
	for (size_t i = 0; i < 2; i++) {
		look(fixture);
		expect_calls(fixture, "allocate");
		expect_not_ready(fixture, RESULT_FULL, "No space left on device");
	}
	fake_disk_repair(fixture->disk);
	look(fixture);
	expect_calls(fixture, "allocate");
	expect_ready(fixture);
	look(fixture);
	expect_calls(fixture, ""); /* there is nothing to look for any more */
	expect_ready(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "store-full"), 1);
	assert_int_equal(captured_log_count(&fixture->log, "store-ready"), 1);
	expect_three_users(fixture);
	ask(fixture, "b", "Bob");
	run(fixture);
	expect_told(fixture, "b:ok:4:Bob");
}

/* At most one of them is on its way: the batch answers what the probe would ask. */
FIXTURE_TEST(no_probe_during_a_batch)
{
	open_full(fixture);
	fake_disk_repair(fixture->disk);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ring(fixture);
	finish(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	assert_int_equal(fake_disk_count(fixture->disk, VFS_ALLOCATE), 0);
	expect_ready(fixture);
}

/* The create found room: there is nothing to look for. */
FIXTURE_TEST(no_probe_of_a_ready_store)
{
	open_full(fixture);
	fake_disk_repair(fixture->disk);
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	look(fixture);
	expect_calls(fixture, "");
}

/* Between the timers of a turn and its poll, so that the probe cannot have ended yet. */
static void ask_once(uv_timer_t *timer)
{
	ask(timer->data, "a", "Alice");
	uv_close((uv_handle_t *)timer, NULL);
}

/* It waits for the end of the probe. Of two timers that are due the one that was started first is
 * the first; whether timers come before the poll or after it depends on the version of libuv. */
FIXTURE_TEST(create_during_a_probe)
{
	open_full(fixture);
	fake_disk_repair(fixture->disk);
	fake_disk_forget(fixture->disk);
	expire(fixture);
	fixture->soon.data = fixture;
	assert_int_equal(uv_timer_init(&fixture->loop, &fixture->soon), 0);
	assert_int_equal(uv_timer_start(&fixture->soon, ask_once, 0, 0), 0);
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	expect_calls(fixture, "allocate write sync");
}

/* The file is looked after when nobody signs up, too. */
FIXTURE_TEST(moved_while_idle)
{
	char path[128];

	put_users(fixture, 3);
	open_store(fixture);
	snprintf(path, sizeof(path), "%s.1", fixture->file.path);
	assert_int_equal(rename(fixture->file.path, path), 0);
	for (size_t i = 0; i < 2; i++) {
		look(fixture);
		expect_not_ready_for(fixture, "was moved or removed");
		expect_refused(fixture, "Alice", RESULT_UNAVAILABLE);
	}
	expect_three_users(fixture);
	assert_int_equal(rename(path, fixture->file.path), 0);
	look(fixture);
	expect_ready(fixture);
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	assert_int_equal(captured_log_count(&fixture->log, "store-failed"), 1);
	assert_int_equal(captured_log_count(&fixture->log, "store-ready"), 1);
	close_store(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "store-closed"), 0);
}

/* No create succeeds on a list that is not there any more; those that did before are reported when
 * the store closes. */
FIXTURE_TEST(moved_under_a_batch)
{
	char path[128];

	put_users(fixture, 3);
	open_store(fixture);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ask(fixture, "b", "Bob"); /* of the next batch, which is not even tried */
	snprintf(path, sizeof(path), "%s.1", fixture->file.path);
	assert_int_equal(rename(fixture->file.path, path), 0);
	finish(fixture);
	expect_told(fixture, "a:unavailable b:unavailable");
	expect_not_ready_for(fixture, "was moved or removed");
	expect_three_users(fixture);
	close_store(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "store-closed"), 1);
	captured_log_expect(&fixture->log, "level=error event=store-closed");
}

/* After an end that was not clean, on a disk without room for a second copy. */
static void open_to_mend(struct fixture *fixture)
{
	put_users(fixture, 3);
	flat_file_lock(&fixture->file, "process 1 on elsewhere\n");
	fake_disk_fail(fixture->disk, VFS_ALLOCATE, 0, ALWAYS, ENOSPC);
	open_store(fixture);
}

FIXTURE_TEST(opened_without_room)
{
	open_to_mend(fixture);
	expect_page(fixture, STORE_NEWEST, 0, 5, "3 2 1");
	expect_not_ready_for(fixture, "No space left on device");
	expect_refused(fixture, "Alice", RESULT_UNAVAILABLE);
	/* What is read may not be on disk: no refusal names a holder, either. */
	expect_refused(fixture, "user1", RESULT_UNAVAILABLE);
	for (size_t i = 0; i < 2; i++) {
		look(fixture);
		assert_int_equal(fake_disk_count(fixture->disk, VFS_RENAME), 0);
		expect_not_ready_for(fixture, "No space left on device");
	}
	assert_int_equal(captured_log_count(&fixture->log, "store-failed"), 1);
	assert_int_equal(captured_log_count(&fixture->log, "unclean-end"), 0);
	fake_disk_repair(fixture->disk);
	look(fixture);
	expect_ready(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "unclean-end"), 1);
	assert_int_equal(captured_log_count(&fixture->log, "store-ready"), 1);
	expect_three_users(fixture);
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	assert_int_equal(captured_log_count(&fixture->log, "unclean-end"), 1);
}

/* Nothing is lost by that, so nothing is said. */
FIXTURE_TEST(closed_without_room)
{
	open_to_mend(fixture);
	close_store(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "store-closed"), 0);
	fake_disk_repair(fixture->disk);
	open_store(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "unclean-end"), 1);
}

FIXTURE_TEST(failed_sync)
{
	put_users(fixture, 3);
	open_store(fixture);
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, EIO);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ask(fixture, "b", "Bob"); /* of the next batch, which is not even tried */
	finish(fixture);
	expect_told(fixture, "a:unavailable b:unavailable");
	expect_calls(fixture, "write sync");
	expect_refused(fixture, "Carol", RESULT_UNAVAILABLE); /* though the disk is well again */
	run(fixture);
	expect_calls(fixture, "");
	expect_not_ready(fixture, RESULT_UNAVAILABLE, "Input/output error" JOURNAL_UNTIL_OPENED);
	expect_three_users(fixture);
	look(fixture);
	expect_calls(fixture, ""); /* nor does time change that */
	assert_int_equal(captured_log_count(&fixture->log, "store-failed"), 1);
	captured_log_expect(&fixture->log,
		"level=error event=store-failed reason=\"Input/output error" JOURNAL_UNTIL_OPENED
		"\"");
}

FIXTURE_TEST(failed_cut_after_a_full_disk)
{
	open_full(fixture);
	fake_disk_fail(fixture->disk, VFS_TRUNCATE, 0, 1, EIO);
	ask(fixture, "b", "Bob");
	run(fixture);
	expect_told(fixture, "b:unavailable");
	expect_not_ready(fixture, RESULT_UNAVAILABLE, "Input/output error" JOURNAL_UNTIL_OPENED);
	assert_int_equal(captured_log_count(&fixture->log, "store-failed"), 1);
	expect_three_users(fixture);
}

/* Every user whose create succeeded is there once, with the same time; those refused for want of
 * room are not; after a failed sync either may be. */
FIXTURE_TEST(reopened)
{
	struct user before, after;

	open_store(fixture);
	ask(fixture, "a", "Alice");
	ask(fixture, "b", "Bob");
	run(fixture);
	assert_true(store_now_user(fixture->store, 1, &before));
	int64_t created = before.created;
	fake_disk_shorten(fixture->disk, VFS_WRITE, 0, 1, 9); /* half a line gets there */
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, ENOSPC);
	ask(fixture, "c", "Carol");
	run(fixture);
	ask(fixture, "d", "Dave");
	run(fixture);
	fake_disk_fail(fixture->disk, VFS_SYNC, 0, 1, EIO);
	ask(fixture, "e", "Erin");
	run(fixture);
	expect_told(fixture, "a:ok:1:Alice b:ok:2:Bob c:full d:ok:3:Dave e:unavailable");
	reopen(fixture);
	expect_ready(fixture);
	expect_user(fixture, 1, "Alice");
	expect_user(fixture, 2, "Bob");
	expect_user(fixture, 3, "Dave");
	assert_true(store_now_user(fixture->store, 1, &after));
	assert_int_equal(after.created, created);
	expect_page(fixture, STORE_OLDER_THAN, 3, 10, "newer 2 1");
	ask(fixture, "c", "Carol");
	run(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "same-name"), 0);
	assert_int_equal(captured_log_count(&fixture->log, "torn-tail"), 0);
}

/* Not even the number of the newest, once it was removed; the name is free. */
FIXTURE_TEST(numbers_are_not_used_twice)
{
	put_even_users(fixture); /* 11 is gone */
	open_store(fixture);
	ask(fixture, "a", "user11");
	run(fixture);
	expect_told(fixture, "a:ok:12:user11");
	reopen(fixture);
	expect_page(fixture, STORE_NEWEST, 0, 10, "12 10 8 6 4 2");
}

FIXTURE_TEST(user)
{
	put_even_users(fixture);
	open_store(fixture);
	assert_int_equal(store_now_count(fixture->store), 5);
	expect_user(fixture, 2, "user2");
	expect_user(fixture, 10, "user10");
	for (uint64_t number = 1; number <= 11; number += 2)
		expect_nobody(fixture, number);
	expect_nobody(fixture, 0);
	expect_nobody(fixture, 12);
	expect_nobody(fixture, UINT64_MAX);
}

FIXTURE_TEST(newest)
{
	put_even_users(fixture);
	open_store(fixture);
	expect_page(fixture, STORE_NEWEST, 0, 1, "10 older");
	expect_page(fixture, STORE_NEWEST, 0, 4, "10 8 6 4 older");
	expect_page(fixture, STORE_NEWEST, 0, 5, "10 8 6 4 2");
	expect_page(fixture, STORE_NEWEST, 0, 6, "10 8 6 4 2");
	expect_page(fixture, STORE_NEWEST, 5, 2, "10 8 older"); /* the number does not count */
}

FIXTURE_TEST(older_than)
{
	put_even_users(fixture);
	open_store(fixture);
	expect_page(fixture, STORE_OLDER_THAN, UINT64_MAX, 2, "10 8 older");
	expect_page(fixture, STORE_OLDER_THAN, 11, 2, "10 8 older");
	expect_page(fixture, STORE_OLDER_THAN, 10, 2, "newer 8 6 older");
	expect_page(fixture, STORE_OLDER_THAN, 7, 2, "newer 6 4 older");
	expect_page(fixture, STORE_OLDER_THAN, 6, 2, "newer 4 2");
	expect_page(fixture, STORE_OLDER_THAN, 6, 1, "newer 4 older");
	expect_page(fixture, STORE_OLDER_THAN, 6, 3, "newer 4 2");
	expect_page(fixture, STORE_OLDER_THAN, 3, 2, "newer 2");
	expect_page(fixture, STORE_OLDER_THAN, 2, 2, "newer");
	expect_page(fixture, STORE_OLDER_THAN, 1, 2, "newer");
	expect_page(fixture, STORE_OLDER_THAN, 0, 2, "newer");
}

/* The nearest ones, not the newest. */
FIXTURE_TEST(newer_than)
{
	put_even_users(fixture);
	open_store(fixture);
	expect_page(fixture, STORE_NEWER_THAN, 0, 2, "newer 4 2");
	expect_page(fixture, STORE_NEWER_THAN, 0, 5, "10 8 6 4 2");
	expect_page(fixture, STORE_NEWER_THAN, 1, 2, "newer 4 2");
	expect_page(fixture, STORE_NEWER_THAN, 2, 2, "newer 6 4 older");
	expect_page(fixture, STORE_NEWER_THAN, 3, 2, "newer 6 4 older");
	expect_page(fixture, STORE_NEWER_THAN, 6, 1, "newer 8 older");
	expect_page(fixture, STORE_NEWER_THAN, 6, 2, "10 8 older");
	expect_page(fixture, STORE_NEWER_THAN, 6, 3, "10 8 older");
	expect_page(fixture, STORE_NEWER_THAN, 9, 2, "10 older");
	expect_page(fixture, STORE_NEWER_THAN, 10, 2, "older");
	expect_page(fixture, STORE_NEWER_THAN, UINT64_MAX - 1, 2, "older");
	expect_page(fixture, STORE_NEWER_THAN, UINT64_MAX, 2, "older");
}

FIXTURE_TEST(pages_of_an_empty_store)
{
	static const uint64_t numbers[] = {0, 1, UINT64_MAX};

	open_store(fixture);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		expect_page(fixture, STORE_NEWEST, numbers[i], 5, "");
		expect_page(fixture, STORE_OLDER_THAN, numbers[i], 5, "");
		expect_page(fixture, STORE_NEWER_THAN, numbers[i], 5, "");
	}
}

/* From page to page everybody comes up once, whichever way. */
FIXTURE_TEST(page_after_page)
{
	struct user users[7];
	uint64_t next = 100;

	put_users(fixture, 100);
	open_store(fixture);
	struct store_page page = store_now_page(fixture->store, STORE_NEWEST, 0, users, 7);
	for (;;) {
		for (size_t i = 0; i < page.count; i++)
			assert_int_equal(users[i].number, next--);
		if (!page.has_next)
			break;
		page = store_now_page(
			fixture->store, STORE_OLDER_THAN, users[page.count - 1].number, users, 7);
	}
	assert_int_equal(next, 0);
	while (page.has_previous) {
		next = users[0].number;
		page = store_now_page(fixture->store, STORE_NEWER_THAN, next, users, 7);
		assert_true(page.count > 0);
		for (size_t i = page.count; i > 0; i--)
			assert_int_equal(users[i - 1].number, ++next);
	}
	assert_int_equal(next, 100);
}

static void remember_revision(const struct fixture *fixture, char revision[static 64])
{
	snprintf(revision, 64, "%s", store_now_revision(fixture->store));
	assert_true(strlen(revision) > 0);
}

static void expect_revised(const struct fixture *fixture, char revision[static 64])
{
	assert_string_not_equal(store_now_revision(fixture->store), revision);
	remember_revision(fixture, revision);
}

FIXTURE_TEST(revision_changes_with_each_create)
{
	char revision[64];

	open_store(fixture);
	remember_revision(fixture, revision);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	turn(fixture);
	assert_string_equal(store_now_revision(fixture->store), revision); /* nothing to see yet */
	finish(fixture);
	expect_revised(fixture, revision);
	ask(fixture, "b", "Bob");
	run(fixture);
	expect_revised(fixture, revision);
	fill_disk(fixture);
	ask(fixture, "c", "Carol");
	run(fixture);
	assert_string_equal(store_now_revision(fixture->store), revision);
}

FIXTURE_TEST(revision_has_all_digits_of_the_next_number)
{
	put_users(fixture, 0x1a8);
	open_store(fixture);
	assert_string_equal(strrchr(store_now_revision(fixture->store), '-'), "-1a9");
}

/* Though the file is the same. */
FIXTURE_TEST(revision_changes_with_reopening)
{
	char revision[64];

	put_users(fixture, 3);
	open_store(fixture);
	remember_revision(fixture, revision);
	reopen(fixture);
	expect_revised(fixture, revision);
}

/* Those that are on their way count. */
FIXTURE_TEST(most_users)
{
	put_users(fixture, 3);
	fixture->settings.limits.max_users = 5;
	open_store(fixture);
	ask(fixture, "a", "Alice");
	struct store_job *bob = ask(fixture, "b", "Bob");
	expect_refused(fixture, "Carol", RESULT_NO_SEAT);
	store_cancel(fixture->store, bob);
	ask(fixture, "c", "Carol");
	expect_refused(fixture, "Bob", RESULT_NO_SEAT);
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice c:ok:5:Carol");
	expect_refused(fixture, "Bob", RESULT_NO_SEAT);
	expect_refused(fixture, "carol", RESULT_TAKEN); /* which says more */
	run(fixture);
	expect_told(fixture, "");
	assert_int_equal(store_now_count(fixture->store), 5);
}

FIXTURE_TEST(most_users_after_a_failure)
{
	fixture->settings.limits.max_users = 1;
	open_store(fixture);
	fake_disk_fail(fixture->disk, VFS_WRITE, 0, 1, ENOSPC);
	ask(fixture, "a", "Alice");
	run(fixture);
	ask(fixture, "b", "Bob"); /* in the place that Alice did not get */
	run(fixture);
	expect_told(fixture, "a:full b:ok:1:Bob");
	expect_refused(fixture, "Carol", RESULT_NO_SEAT);
}

/* They are taken in the order in which creates come, and are no fault of the store. */
FIXTURE_TEST(seats)
{
	fixture->settings.limits.seats = 4;
	put_users(fixture, 3);
	open_store(fixture);
	ask(fixture, "a", "Alice");
	for (unsigned i = 0; i < 9; i++)
		expect_refused(fixture, "Bob", RESULT_NO_SEAT);
	expect_ready(fixture);
	run(fixture);
	expect_told(fixture, "a:ok:4:Alice");
	expect_refused(fixture, "Bob", RESULT_NO_SEAT);
	expect_refused(fixture, "ALICE", RESULT_TAKEN);
	expect_ready(fixture);
	store_set_limits(
		fixture->store, &(struct store_limits){.max_users = LIMIT_USERS, .seats = 5});
	ask(fixture, "b", "Bob");
	store_set_limits(
		fixture->store, &(struct store_limits){.max_users = LIMIT_USERS, .seats = 0});
	ask(fixture, "c", "Carol");
	run(fixture);
	expect_told(fixture, "b:ok:5:Bob c:ok:6:Carol");
}

/* A name takes one seat, however often it is sent. */
FIXTURE_TEST(a_seat_for_each_name)
{
	fixture->settings.limits.seats = 2;
	open_store(fixture);
	struct store_job *first = ask(fixture, "a", "Alice");
	ask(fixture, "b", "alice");
	ask(fixture, "c", "Carol");
	expect_refused(fixture, "Dave", RESULT_NO_SEAT);
	ask(fixture, "d", "carol");
	store_cancel(fixture->store, first); /* the second is in its place */
	expect_refused(fixture, "Dave", RESULT_NO_SEAT);
	run(fixture);
	expect_told(fixture, "b:ok:1:alice c:ok:2:Carol d:taken:2:Carol");
}

/* store_outcome_cb */
static void on_imported(void *argument, enum result result, const struct user *user)
{
	(void)argument, (void)user;
	assert_int_equal(result, RESULT_OK);
}

/* Numbers end where users can no longer be asked for by them, and do not begin anew. */
FIXTURE_TEST(last_number)
{
	struct buffer bytes = {0};

	flat_file_header(&bytes);
	flat_file_created(&bytes, LIMIT_PLACE - 2, "Zoe");
	put_file(fixture, &bytes);
	open_store(fixture);
	expect_ready(fixture);
	ask(fixture, "a", "Alice");
	send_and_hold(fixture);
	ask(fixture, "b", "Bob");
	expect_refused(fixture, "Carol", RESULT_NO_SEAT);
	finish(fixture);
	expect_told(fixture, "a:ok:999999999999999998:Alice b:ok:999999999999999999:Bob");
	expect_refused(fixture, "Carol", RESULT_NO_SEAT);
	expect_not_ready(fixture, RESULT_LIMIT, "the last number has been given to a user");
	reopen(fixture);
	expect_page(fixture, STORE_NEWEST, 0, 2, "999999999999999999 999999999999999998 older");
	expect_refused(fixture, "Carol", RESULT_NO_SEAT);
	expect_user(fixture, LIMIT_PLACE, "Bob");
}

static enum result import_names(struct fixture *f, const char *const *names, size_t count)
{
	struct store_import *import;
	struct username username;
	struct user holder;

	assert_int_equal(store_import_begin(f->store, &import), RESULT_OK);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(
			username_parse(names[i], strlen(names[i]), &username), USERNAME_FINE);
		assert_int_equal(store_import_add(import, &username, 0, &holder), RESULT_OK);
	}
	enum result result = store_import_commit(import, on_imported, NULL);
	if (result != RESULT_OK)
		store_import_abandon(import);
	return result;
}

FIXTURE_TEST(last_number_of_an_import)
{
	static const char *const names[] = {"Ada", "Bob", "Eve"};
	struct buffer bytes = {0};

	flat_file_header(&bytes);
	flat_file_created(&bytes, LIMIT_PLACE - 2, "Zoe");
	put_file(fixture, &bytes);
	open_store(fixture);
	assert_int_equal(import_names(fixture, names, 3), RESULT_NO_SEAT);
	assert_int_equal(import_names(fixture, names, 2), RESULT_OK);
	finish(fixture);
	expect_user(fixture, LIMIT_PLACE, "Bob");
}

FIXTURE_TEST(last_number_was_given)
{
	struct buffer bytes = {0};

	header_append(&bytes, LIMIT_PLACE);
	flat_file_created(&bytes, 1, "Alice");
	put_file(fixture, &bytes);
	open_store(fixture);
	expect_refused(fixture, "Bob", RESULT_NO_SEAT);
	expect_user(fixture, 1, "Alice");
}

/* What could not be read back is not written. */
FIXTURE_TEST(a_clock_past_the_last_time)
{
	open_store(fixture);
	wall_clock_set(TIMESTAMP_LAST + 1);
	expect_not_ready(fixture, RESULT_LIMIT, "the clock is past the year 9999");
	ask(fixture, "a", "Alice");
	ask(fixture, "b", "alice");
	run(fixture);
	expect_calls(fixture, "");
	expect_told(fixture, "a:limit b:limit");
	wall_clock_set(TIMESTAMP_LAST);
	expect_ready(fixture);
	ask(fixture, "a", "Alice");
	run(fixture);
	wall_clock_reset();
	expect_told(fixture, "a:ok:1:Alice");
	reopen(fixture);
	expect_user(fixture, 1, "Alice");
}

FIXTURE_TEST(most_waiting)
{
	open_store(fixture);
	ask_many(fixture, 1);
	send_and_hold(fixture); /* on its way, and still counted */
	ask_many(fixture, LIMIT_PENDING - 1);
	expect_refused(fixture, "Alice", RESULT_LIMIT);
	expect_refused(fixture, "user7", RESULT_LIMIT);
	finish(fixture);
	assert_int_equal(fixture->told_count, LIMIT_PENDING);
	assert_int_equal(store_now_count(fixture->store), LIMIT_PENDING);
	expect_calls(fixture, "write sync write sync");
	ask(fixture, "a", "Alice");
	run(fixture);
	expect_told(fixture, "a:ok:4097:Alice");
}

FIXTURE_TEST(torn_tail_is_logged)
{
	struct buffer bytes = {0};
	char path[320], words[400];

	flat_file_users(&bytes, 3);
	buffer_string(&bytes, "created 4");
	put_file(fixture, &bytes);
	open_store(fixture);
	expect_three_users(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "torn-tail"), 1);
	assert_int_equal(flat_file_count(&fixture->file, "users.log.torn-", path, sizeof(path)), 1);
	snprintf(words, sizeof(words), "level=warn event=torn-tail bytes=9 saved=%s\n", path);
	captured_log_expect(&fixture->log, words);
	reopen(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "torn-tail"), 1); /* it is gone */
}

/* Line 5 has its checksum right, so no crash left it: it is damage. */
static void expect_damaged(struct fixture *fixture, struct buffer *bytes)
{
	put_file(fixture, bytes);
	assert_int_equal(try_open(fixture), RESULT_MALFORMED);
	assert_non_null(strstr(fixture->reason.text, "line 5 is bad"));
}

FIXTURE_TEST(records_that_cannot_be)
{
	struct buffer bytes = {0};

	flat_file_users(&bytes, 3);
	flat_file_removed(&bytes, 2, "user3"); /* not the name of 2 */
	expect_damaged(fixture, &bytes);
	flat_file_users(&bytes, 3);
	flat_file_removed(&bytes, 2, "user20"); /* nor is this */
	expect_damaged(fixture, &bytes);
	flat_file_users(&bytes, 3);
	flat_file_removed(&bytes, 4, "user4"); /* nobody */
	expect_damaged(fixture, &bytes);
	flat_file_users(&bytes, 3);
	flat_file_created(&bytes, UINT64_MAX, "last"); /* no number would be left */
	expect_damaged(fixture, &bytes);
	assert_string_equal(captured_log_text(&fixture->log), "");
}

/* Newer rules can make two old names equal. Both stay. */
FIXTURE_TEST(equal_names_are_logged)
{
	struct buffer bytes = {0};

	flat_file_users(&bytes, 3);
	flat_file_created(&bytes, 4, "USER2");
	put_file(fixture, &bytes);
	open_store(fixture);
	assert_int_equal(captured_log_count(&fixture->log, "same-name"), 1);
	captured_log_expect(&fixture->log, "level=warn event=same-name number=4 other=2\n");
	expect_page(fixture, STORE_NEWEST, 0, 10, "4 3 2 1");
	expect_refused(fixture, "User2", RESULT_TAKEN);
}

/* As after an upgrade of the system. */
FIXTURE_TEST(other_unicode_tables_are_logged)
{
	struct buffer bytes = {0};
	char words[128];

	buffer_string(&bytes, "rollcall-users\t1\tunicode 1.1.5\n");
	flat_file_created(&bytes, 1, "alice");
	put_file(fixture, &bytes);
	open_store(fixture);
	snprintf(words, sizeof(words), "level=info event=unicode-tables file=1.1.5 program=%s\n",
		username_unicode_version());
	captured_log_expect(&fixture->log, words);
	expect_page(fixture, STORE_NEWEST, 0, 10, "1");
}

FIXTURE_TEST(nothing_to_log)
{
	put_even_users(fixture);
	open_store(fixture);
	ask(fixture, "a", "Alice");
	run(fixture);
	assert_string_equal(captured_log_text(&fixture->log), "");
}

/* Nothing is left on the loop, either. */
FIXTURE_TEST(opening_fails)
{
	struct store *second = NULL;

	fixture->settings.directory = "/nonexistent";
	assert_int_equal(try_open(fixture), RESULT_SYSTEM);
	assert_non_null(strstr(fixture->reason.text, "/nonexistent"));
	fixture->settings.directory = fixture->file.directory.path;
	flat_file_write(fixture->file.path, "something\n", 10);
	assert_int_equal(try_open(fixture), RESULT_MALFORMED);
	assert_non_null(strstr(fixture->reason.text, fixture->file.path));
	put_users(fixture, 3);
	open_store(fixture);
	assert_int_equal(
		flat_file_store_open(&fixture->settings, &second, &fixture->reason), RESULT_BUSY);
	assert_non_null(strstr(fixture->reason.text, fixture->file.directory.path));
	expect_three_users(fixture);
}
