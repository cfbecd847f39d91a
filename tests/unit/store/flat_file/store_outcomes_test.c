/* Each create is told what became of its own batch, however soon the next one ends: here every job
 * of the worker pool is over before its caller goes on. */
#include "support/test.h"
#include "support/unit/store_now.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "store/flat_file/flat_file_store.h"
#include "support/disk/fake_disk.h"
#include "support/unit/captured_log.h"
#include "support/unit/flat_file.h"

#define BATCHES 12

/* The linker puts the first in the place of uv_queue_work(), which is the second. */
int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb job, uv_after_work_cb after);
int __real_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb job, uv_after_work_cb after);

static void do_nothing(uv_work_t *work)
{
	(void)work;
}

int __wrap_uv_queue_work(uv_loop_t *loop, uv_work_t *work, uv_work_cb job, uv_after_work_cb after)
{
	job(work);
	return __real_uv_queue_work(loop, work, do_nothing, after);
}

struct fixture {
	struct flat_file file;
	struct fake_disk *disk;
	struct captured_log log;
	uv_loop_t loop;
	struct store *store;
	unsigned changes;
};

/* A user who signs up, and what they were told. */
struct asker {
	char name[24];
	bool is_told;
	enum result result;
	uint64_t number;
};

/* store_watch */
static void on_changed(void *argument)
{
	struct fixture *f = argument;

	f->changes++;
}

static void open_store(struct fixture *f)
{
	struct reason reason;

	assert_int_equal(flat_file_store_open(&(struct flat_file_store_settings){.loop = &f->loop,
						      .log = f->log.log,
						      .vfs = fake_disk_table(f->disk),
						      .directory = f->file.directory.path,
						      .limits = {.max_users = 1000}},
				 &f->store, &reason),
		RESULT_OK);
	store_watch(f->store, on_changed, f);
}

static void close_store(struct fixture *f)
{
	store_stop(f->store);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	store_close(f->store);
}

static void open_fixture(struct fixture *f)
{
	*f = (struct fixture){.disk = fake_disk_open(vfs_posix())};
	flat_file_make(&f->file);
	captured_log_open(&f->log, LOG_DEBUG);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	open_store(f);
}

static void close_fixture(struct fixture *f)
{
	close_store(f);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	captured_log_close(&f->log);
	fake_disk_close(f->disk);
	flat_file_remove(&f->file);
}

static void on_created(void *argument, enum result result, const struct user *user)
{
	struct asker *asker = argument;

	assert_false(asker->is_told);
	asker->is_told = true;
	asker->result = result;
	asker->number = user != NULL ? user->number : 0;
}

static void ask(struct fixture *f, struct asker *asker, int id)
{
	struct username username;
	struct store_job *create;
	struct user holder;

	*asker = (struct asker){.is_told = false};
	snprintf(asker->name, sizeof(asker->name), "user%d", id);
	assert_int_equal(
		username_parse(asker->name, strlen(asker->name), &username), USERNAME_FINE);
	assert_int_equal(
		store_create(f->store, &username, on_created, asker, &create, &holder), RESULT_OK);
}

static void ask_two(struct fixture *f, struct asker *askers, int batch)
{
	ask(f, &askers[0], 2 * batch);
	ask(f, &askers[1], 2 * batch + 1);
}

/* One is over, and the next has gone to the disk and come back: only then is the one answered. */
static void turn(struct fixture *f)
{
	uv_run(&f->loop, UV_RUN_NOWAIT);
}

static void turn_until_told(struct fixture *f, const struct asker *asker)
{
	while (!asker->is_told)
		turn(f);
}

/* Stored under that number and that name, or not at all. */
static void expect_stored(const struct fixture *f, const struct asker *asker)
{
	struct user user, holder;
	struct username username;

	assert_int_equal(
		username_parse(asker->name, strlen(asker->name), &username), USERNAME_FINE);
	if (asker->result != RESULT_OK) {
		struct store_job *create;
		assert_int_equal(asker->number, 0);
		assert_int_equal(
			store_create(f->store, &username, NULL, NULL, &create, &holder), RESULT_OK);
		store_cancel(f->store, create);
		return;
	}
	assert_true(store_now_user(f->store, asker->number, &user));
	assert_int_equal(user.name_length, strlen(asker->name));
	assert_memory_equal(user.name, asker->name, user.name_length);
}

static void expect_all(const struct fixture *f, const struct asker *askers, uint64_t stored)
{
	assert_int_equal(store_now_count(f->store), stored);
	for (int i = 0; i < 2 * BATCHES; i++)
		expect_stored(f, &askers[i]);
}

/* Every second batch finds no room; before anybody is told of one, the outcome of the next, which
 * is another, is there. */
TEST(outcomes_that_alternate)
{
	struct fixture f;
	struct asker askers[2 * BATCHES];

	open_fixture(&f);
	ask_two(&f, &askers[0], 0);
	turn(&f);
	for (int i = 1; i < BATCHES; i++) {
		if (i % 2 == 1)
			fake_disk_fail(f.disk, VFS_WRITE, 0, 1, ENOSPC);
		ask_two(&f, &askers[2 * i], i);
		turn_until_told(&f, &askers[2 * i - 1]);
	}
	turn_until_told(&f, &askers[2 * BATCHES - 1]);
	for (int i = 0; i < 2 * BATCHES; i++)
		assert_int_equal(askers[i].result, i / 2 % 2 == 0 ? RESULT_OK : RESULT_FULL);
	assert_int_equal(f.changes, BATCHES / 2);
	expect_all(&f, askers, BATCHES);
	close_store(&f);
	open_store(&f);
	expect_all(&f, askers, BATCHES);
	close_fixture(&f);
}

/* What was stored before is told so, though nobody can say any more what becomes of the next. */
TEST(a_sync_that_fails_behind_one_that_did_not)
{
	struct fixture f;
	struct asker askers[6];
	const char *reason;

	open_fixture(&f);
	ask_two(&f, &askers[0], 0);
	turn(&f);
	fake_disk_fail(f.disk, VFS_SYNC, 0, 1, EIO);
	ask_two(&f, &askers[2], 1);
	turn_until_told(&f, &askers[1]);
	assert_int_equal(store_ready(f.store, &reason), RESULT_OK);
	ask_two(&f, &askers[4], 2);
	turn_until_told(&f, &askers[5]);
	assert_int_equal(store_ready(f.store, &reason), RESULT_UNAVAILABLE);
	for (int i = 0; i < 6; i++)
		assert_int_equal(askers[i].result, i < 2 ? RESULT_OK : RESULT_UNAVAILABLE);
	assert_int_equal(store_now_count(f.store), 2);
	close_fixture(&f);
}
