/*
 * The disks of the beginning are made once, by the store itself, and copied for each run.
 * users.lock is the one file that would be outside of it: no other process is there, and the last
 * one has always come to a clean end.
 */
#include "fuzz/routes/fuzz_site.h"

#include <stdio.h>
#include <string.h>

#include "fuzz/event_loop/driven_loop.h"
#include "fuzz/fuzz.h"
#include "routes/admin/import.h"
#include "routes/answer.h"
#include "routes/routes.h"
#include "sheet_options.h"
#include "site_streams.h"
#include "store/files/lock.h"
#include "store/flat_file/flat_file_store.h"
#include "store/names/username.h"
#include "support/disk/simulated_crash.h"
#include "support/unit/late_store.h"

#define MORE_USERS  123 /* with FUZZ_SITE_MANY: of a list that is sent in parts */
#define MOST_FEW    12
#define MOST_MANY   140
#define MOST_TURNS  1000    /* until nothing is left to do */
#define VAST        1000000 /* bytes */
#define ENOUGH      65536   /* for so few users */
#define CONNECTIONS 8
#define DIRECTORY   "/data"
#define JOURNAL     "users.log"

/* Texts of the operator's that have to be escaped, too. */
#define TITLE   "Tea & <i>\"cake\"</i> 'now'"
#define INTRO   "</p><script>alert(1)</script>\nA second line & more"
#define CONTACT "\"><img src=x>"
#define PRIVACY "'<b>' & \"</title>\""

static const char *const first_names[FUZZ_SITE_USERS] = {
	"Ada Lovelace", "Zo\u00eb", "O'Neill", "\u5c71\u7530", "user-one", "Bj\u00f6rn", "aaa.aaa"};

static struct simulated_disk *few_disk, *many_disk;
static bool is_disk_new;

void *__real_memory_resized(void *old, size_t count, size_t size);
void *__wrap_memory_resized(void *old, size_t count, size_t size);
enum result __wrap_lock_acquire(const char *path, unsigned wait, const char *boot, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE]);
int __wrap_lock_name(int descriptor, const char *boot);
int __wrap_lock_blank(int descriptor);
bool __wrap_lock_stands(int descriptor, const char *path);
void __wrap_lock_release(int descriptor);
void __wrap_lock_leave(int descriptor, bool is_named, const char *boot);

/* The index reserves room for millions of users at once, of which the kernel gives what is used. A
 * sanitizer would mark all of it each time. */
void *__wrap_memory_resized(void *old, size_t count, size_t size)
{
	bool is_vast = old == NULL && count * size > VAST;

	return __real_memory_resized(old, is_vast ? ENOUGH : count, is_vast ? 1 : size);
}

enum result __wrap_lock_acquire(const char *path, unsigned wait, const char *boot, int *descriptor,
	char holder[static LOCK_HOLDER_SIZE])
{
	(void)path, (void)wait, (void)boot;
	*descriptor = 0;
	snprintf(holder, LOCK_HOLDER_SIZE, "%s", is_disk_new ? LOCK_NAMELESS : "");
	return RESULT_OK;
}

int __wrap_lock_name(int descriptor, const char *boot)
{
	(void)descriptor, (void)boot;
	return 0;
}

int __wrap_lock_blank(int descriptor)
{
	(void)descriptor;
	return 0;
}

bool __wrap_lock_stands(int descriptor, const char *path)
{
	(void)descriptor, (void)path;
	return true;
}

void __wrap_lock_release(int descriptor)
{
	(void)descriptor;
}

void __wrap_lock_leave(int descriptor, bool is_named, const char *boot)
{
	(void)descriptor, (void)is_named, (void)boot;
}

/* uv_idle_cb: the loop goes on, and does not wait. */
static void on_awake(uv_idle_t *idle)
{
	(void)idle;
}

static void open_loop(uv_loop_t *loop, uv_idle_t *awake)
{
	must(uv_loop_init(loop) == 0);
	must(uv_idle_init(loop, awake) == 0);
	must(uv_idle_start(awake, on_awake) == 0);
}

static struct store *open_store_on(uv_loop_t *loop, struct simulated_disk *disk)
{
	struct flat_file_store_settings settings = {.loop = loop,
		.vfs = simulated_disk_table(disk),
		.directory = DIRECTORY,
		.limits = {.max_users = MOST_MANY}};
	struct store *store = NULL;
	struct reason reason;

	enum result result = flat_file_store_open(&settings, &store, &reason);
	must(result == RESULT_OK);
	return store;
}

/* store_outcome_cb */
static void on_first_created(void *argument, enum result result, const struct user *user)
{
	size_t *count = argument;

	must(result == RESULT_OK);
	must(user->number == ++*count);
}

static void create_first_user(uv_loop_t *loop, struct store *store, const char *name, size_t *count)
{
	struct username username;
	struct user holder;
	struct store_job *job;

	must(username_parse(name, strlen(name), &username) == USERNAME_FINE);
	must(store_create(store, &username, on_first_created, count, &job, &holder) == RESULT_OK);
	driven_loop_turn(loop);
	must(driven_loop_work(loop));
}

static void create_first_users(uv_loop_t *loop, struct store *store, size_t more)
{
	size_t count = 0;
	char name[32];

	for (size_t i = 0; i < FUZZ_SITE_USERS; i++)
		create_first_user(loop, store, first_names[i], &count);
	for (size_t i = 0; i < more; i++) {
		snprintf(name, sizeof(name), "more users %zu", i);
		create_first_user(loop, store, name, &count);
	}
	must(count == FUZZ_SITE_USERS + more);
}

static void end_store(uv_loop_t *loop, struct store *store)
{
	store_stop(store);
	while (uv_loop_alive(loop))
		driven_loop_turn(loop);
	store_close(store);
}

static struct simulated_disk *make_first_disk(size_t more)
{
	uv_loop_t loop;
	uv_idle_t awake;

	driven_loop_begin();
	open_loop(&loop, &awake);
	struct simulated_disk *disk = simulated_disk_open(1);
	is_disk_new = true;
	struct store *store = open_store_on(&loop, disk);
	is_disk_new = false;
	create_first_users(&loop, store, more);
	uv_close((uv_handle_t *)&awake, NULL);
	end_store(&loop, store);
	must(uv_loop_close(&loop) == 0);
	return disk;
}

static void read_options(struct options *options, unsigned set)
{
	const char *arguments[32] = {"rollcall", "--title", TITLE, "--intro", INTRO, "--contact",
		CONTACT, "--privacy", PRIVACY, "--page-size", "3", "--max-body", "4096",
		"--max-params", "8192"};
	struct reason reason;
	int count = 15;

	if ((set & FUZZ_SITE_ADMIN) != 0)
		arguments[count++] = "--admin=on";
	if ((set & FUZZ_SITE_EXPORT) != 0)
		arguments[count++] = "--public-export=on";
	if ((set & FUZZ_SITE_UNDER_PATH) != 0)
		arguments[count++] = "--base-path=" FUZZ_SITE_BASE_PATH;
	if ((set & (FUZZ_SITE_FEW_SEATS | FUZZ_SITE_WAITING_LIST)) != 0)
		arguments[count++] = "--seats=8";
	if ((set & FUZZ_SITE_WAITING_LIST) != 0)
		arguments[count++] = "--waiting-list=on";
	if ((set & FUZZ_SITE_CLOSED) != 0)
		arguments[count++] = "--closes=2020-01-01T00:00:00Z";
	if ((set & FUZZ_SITE_ORIGIN) != 0)
		arguments[count++] = "--origin=https://rollcall.test";
	must(options_read(options, count, (char **)arguments, &reason) == OPTIONS_RUN);
	options->max_users = (set & FUZZ_SITE_MANY) != 0 ? MOST_MANY : MOST_FEW;
}

/* store_sheet_cb */
static void on_sheet_renewed(void *argument)
{
	struct fuzz_site *site = argument;

	site_set_options(&site->site, &site->options, store_sheet_settings(site->store));
}

static void open_site_parts(struct fuzz_site *site)
{
	const struct store_limits limits = store_limits_of(&site->options);

	site->site = (struct site){.store = site->late != NULL ? site->late : site->store,
		.clock = driven_loop_now,
		.has_leave_key = true,
		.list = "1:2"};
	memset(site->site.leave_key, 'k', sizeof(site->site.leave_key));
	store_set_limits(site->store, &limits);
	store_watch_sheet(site->site.store, on_sheet_renewed, site);
	on_sheet_renewed(site);
	site->router = (struct router){.routes = all_routes,
		.site = &site->site,
		.origin = site->options.origin,
		.base_path = site->options.base_path,
		.refuse = answer_problem};
	site_streams_open(&site->site, &site->options, &site->loop, CONNECTIONS);
}

void fuzz_site_open(struct fuzz_site *site, unsigned options, unsigned late_seed)
{
	static struct options read[256];
	static bool is_read[256];

	if (few_disk == NULL) {
		few_disk = make_first_disk(0);
		many_disk = make_first_disk(MORE_USERS);
	}
	if (!is_read[options & 255])
		read_options(&read[options & 255], options & 255);
	is_read[options & 255] = true;
	driven_loop_begin();
	site->options = read[options & 255];
	open_loop(&site->loop, &site->awake);
	site->disk = simulated_disk_copy((options & FUZZ_SITE_MANY) != 0 ? many_disk : few_disk);
	site->store = open_store_on(&site->loop, site->disk);
	site->late = late_seed != 0 ? late_store_open(site->store, &site->loop, late_seed) : NULL;
	open_site_parts(site);
}

bool fuzz_site_work(struct fuzz_site *site)
{
	return driven_loop_work(&site->loop) ||
	       (site->late != NULL && late_store_jobs(site->late) > 0);
}

void fuzz_site_settle(struct fuzz_site *site)
{
	unsigned turns = 0;

	do {
		driven_loop_turn(&site->loop);
		must(turns++ < MOST_TURNS);
	} while (fuzz_site_work(site));
}

void fuzz_site_stop(struct fuzz_site *site)
{
	site->site.is_stopping = true;
	site_streams_stop(&site->site);
	import_give_up(&site->site);
	fuzz_site_settle(site);
}

void fuzz_site_close(struct fuzz_site *site)
{
	site_streams_end(&site->site);
	uv_close((uv_handle_t *)&site->awake, NULL);
	if (site->late != NULL)
		store_stop(site->late);
	end_store(&site->loop, site->store);
	store_close(site->late);
	site_streams_close(&site->site);
	page_cache_free(&site->site.home);
	page_cache_free(&site->site.users);
	must(uv_loop_close(&site->loop) == 0);
	simulated_disk_close(site->disk);
	driven_loop_end();
}

/* store_answered_cb */
static void on_user_found(void *argument, const struct store_answer *answer)
{
	static struct user found;
	const struct user **user = argument;

	if (answer->beside == NULL)
		return;
	found = *answer->beside;
	*user = &found;
}

const struct user *fuzz_site_user(const struct fuzz_site *site, uint64_t number)
{
	const struct user *user = NULL;

	must(store_ask(site->store, &(struct store_question){.beside = number}, on_user_found,
		     &user) == NULL);
	return user;
}

struct fuzz_site_durable fuzz_site_durable(const struct fuzz_site *site)
{
	struct simulated_disk *left =
		simulated_crash_disk(site->disk, JOURNAL, &SIMULATED_CRASH_FIRST, 0);
	uv_loop_t loop;

	must(uv_loop_init(&loop) == 0);
	struct store *store = open_store_on(&loop, left);
	const struct store_view *view = store_view(store, 0);
	const struct fuzz_site_durable durable = {.users = view->users, .last = view->last};
	end_store(&loop, store);
	must(uv_loop_close(&loop) == 0);
	simulated_disk_close(left);
	return durable;
}
