/* A store in use, as changing_store.h says. */
#include "support/unit/changing_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/names/username.h"
#include "support/test.h"
#include "support/unit/result_word.h"
#include "support/unit/store_now.h"

static void on_changed(void *argument)
{
	struct fixture *f = argument;

	f->watched++;
}

void open_store(struct fixture *f)
{
	struct reason reason;

	if (flat_file_store_open(&f->settings, &f->store, &reason) != RESULT_OK)
		fail_msg("%s", reason.text);
	store_watch(f->store, on_changed, f);
	fake_disk_forget(f->disk);
}

int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	flat_file_make(&f->file);
	f->disk = fake_disk_open(vfs_posix());
	captured_log_open(&f->log, LOG_DEBUG);
	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->settings = (struct flat_file_store_settings){.loop = &f->loop,
		.log = f->log.log,
		.vfs = fake_disk_table(f->disk),
		.directory = f->file.directory.path,
		.limits = {.max_users = LIMIT_USERS}};
	open_store(f);
	*state = f;
	return 0;
}

void run(struct fixture *f)
{
	assert_int_equal(uv_run(&f->loop, UV_RUN_DEFAULT), 0);
}

void close_store(struct fixture *f)
{
	store_stop(f->store);
	run(f);
	store_close(f->store);
	f->store = NULL;
}

static void let_loop_end(uv_handle_t *handle, void *argument)
{
	(void)argument;
	uv_unref(handle);
}

int tear_down(void **state)
{
	struct fixture *f = *state;

	fake_disk_let_go(f->disk);
	uv_walk(&f->loop, let_loop_end, NULL);
	run(f);
	close_store(f);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	captured_log_close(&f->log);
	fake_disk_close(f->disk);
	flat_file_remove(&f->file);
	free(f);
	return 0;
}

void reopen(struct fixture *f)
{
	close_store(f);
	open_store(f);
}

struct asker *new_asker(struct fixture *f, char label)
{
	struct asker *asker = &f->askers[f->asked++];

	assert_in_range(f->asked, 1, ASKERS);
	*asker = (struct asker){.fixture = f, .label = label};
	return asker;
}

enum result create(struct fixture *f, char label, const char *name)
{
	struct asker *asker = new_asker(f, label);
	struct username username;
	struct user holder;

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	return store_create(f->store, &username, on_told, asker, &asker->job, &holder);
}

enum result remove_user(struct fixture *f, char label, uint64_t number)
{
	struct asker *asker = new_asker(f, label);

	return store_remove(f->store, number, on_told, asker, &asker->job);
}

enum result rename_user(struct fixture *f, char label, uint64_t number, const char *name)
{
	struct asker *asker = new_asker(f, label);
	struct username username;
	struct user holder = {0};

	assert_int_equal(username_parse(name, strlen(name), &username), USERNAME_FINE);
	enum result result =
		store_rename(f->store, number, &username, on_told, asker, &asker->job, &holder);
	f->holder = holder.number;
	return result;
}

void on_told(void *argument, enum result result, const struct user *user)
{
	const struct asker *asker = argument;
	struct fixture *f = asker->fixture;
	size_t length = strlen(f->told);
	char *end = f->told + length;

	assert_true(asker->label != '!');
	f->told_count++;
	end += snprintf(end, sizeof(f->told) - length, "%s%c:%s", length > 0 ? " " : "",
		asker->label, result_word(result));
	if (user != NULL)
		snprintf(end, 80, ":%" PRIu64 ":%.*s", user->number, (int)user->name_length,
			user->name);
	if (f->removes == 0)
		return;
	uint64_t number = f->removes;
	f->removes = 0;
	assert_int_equal(remove_user(f, 'x', number), RESULT_OK);
}

void expect_told(struct fixture *f, const char *wanted)
{
	assert_string_equal(f->told, wanted);
	f->told[0] = '\0';
}

void expect_users(struct fixture *f, const char *wanted)
{
	struct user users[LIMIT_PAGE_MOST];
	struct store_page page = store_now_page(f->store, STORE_NEWEST, 0, users, 10);
	char text[400] = "";
	size_t length = 0;

	for (size_t i = 0; i < page.count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
			"%s%" PRIu64 ":%.*s", i > 0 ? " " : "", users[i].number,
			(int)users[i].name_length, users[i].name);
	assert_string_equal(text, wanted);
	assert_int_equal(store_now_count(f->store), page.count);
	const struct store_view *view = store_view(f->store, 0);
	assert_int_equal(view->newest, page.count > 0 ? users[0].number : 0);
}

void create_all(struct fixture *f, const char *const *names)
{
	for (; *names != NULL; names++)
		assert_int_equal(create(f, 'c', *names), RESULT_OK);
	run(f);
	f->told[0] = '\0';
	f->watched = 0;
	fake_disk_forget(f->disk);
}

void create_three(struct fixture *f)
{
	create_all(f, (const char *const[]){"Alice", "Bob", "Carol", NULL});
}

void expect_header(struct fixture *f, const char *beginning)
{
	struct buffer bytes = {0};

	flat_file_read(f->file.path, &bytes);
	assert_true(bytes.length > strlen(beginning));
	assert_memory_equal(bytes.bytes, beginning, strlen(beginning));
	buffer_free(&bytes);
}
