/*
 * A job waits for some turns of the loop, counted down by an idle handle, which also keeps the loop
 * from waiting. Its answer is read from the other store when it is due, and copied. A create is
 * the other store's until that has called back; then it waits like a question.
 */
#include "support/unit/late_store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/memory.h"
#include "store/store_kind.h"
#include "support/test.h"

#define MOST_TURNS 4

/* The turns of a job: in the other store; due now; being answered, so that nobody may cancel it. */
#define ELSEWHERE 0
#define DUE       1
#define OVER      UINT32_MAX

enum late_kind { LATE_QUESTION, LATE_CREATE /* or another change */ };

/* Users in memory of their own. */
struct copies {
	struct user *users;
	char *names;
	size_t count;
	size_t bytes;
};

struct late_job {
	LIST_ENTRY(late_job) next;
	struct late_store *late;
	enum late_kind kind;
	unsigned turns; /* until it is due, from DUE up */
	void *argument;

	store_answered_cb *answered;
	struct store_question question;

	store_outcome_cb *created;
	struct store_job *create; /* in the other store */
	enum result result;
	struct copies user; /* one or none */
};

struct late_store {
	struct store store;
	struct store *other;
	uv_idle_t turn;
	uint64_t dice;
	bool is_held;
	bool is_doubtful;
	LIST_HEAD(late_jobs, late_job) jobs;
	size_t count;
	store_changed_cb *changed;
	void *changed_argument;
	unsigned changed_turns; /* until the watcher is called; 0: it is not to be */
};

static const struct store_kind late_kind;

static struct late_store *late_of(struct store *store)
{
	return (struct late_store *)store;
}

/* A linear congruential generator: the upper bits are random enough for this. */
static unsigned throw_dice(struct late_store *late, unsigned sides)
{
	late->dice = late->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(late->dice >> 33) % sides;
}

static void copy_users(struct copies *copies, const struct user *users, size_t count)
{
	*copies = (struct copies){.count = count};
	for (size_t i = 0; i < count; i++)
		copies->bytes += users[i].name_length;
	copies->users = memory_resized(NULL, count + 1, sizeof(*copies->users));
	copies->names = memory_resized(NULL, copies->bytes + 1, 1);
	char *end = copies->names;
	for (size_t i = 0; i < count; i++) {
		copies->users[i] = users[i];
		copies->users[i].name = memcpy(end, users[i].name, users[i].name_length);
		end += users[i].name_length;
	}
}

static void spoil_users(struct copies *copies)
{
	if (copies->users == NULL)
		return;
	memset(copies->users, 0xa5, copies->count * sizeof(*copies->users));
	memset(copies->names, '~', copies->bytes);
	free(copies->users);
	free(copies->names);
	*copies = (struct copies){0};
}

static void on_late_turn(uv_idle_t *turn);

static void count_down(struct late_store *late)
{
	if (!late->is_held)
		uv_idle_start(&late->turn, on_late_turn);
}

static struct late_job *add_job(struct late_store *late, enum late_kind kind, void *argument)
{
	struct late_job *job = memory_zeroed(sizeof(*job));

	job->late = late;
	job->kind = kind;
	job->argument = argument;
	LIST_INSERT_HEAD(&late->jobs, job, next);
	late->count++;
	return job;
}

static void make_due(struct late_job *job)
{
	job->turns = DUE + 1 + throw_dice(job->late, MOST_TURNS);
	count_down(job->late);
}

static void free_job(struct late_job *job)
{
	LIST_REMOVE(job, next);
	job->late->count--;
	spoil_users(&job->user);
	free(job);
}

static const struct store_view *late_view(struct store *store, uint64_t least)
{
	struct late_store *late = late_of(store);
	const struct store_view *view = store_view(late->other, least);
	bool is_at_hand = !late->is_held && view->newest >= least && throw_dice(late, 2) == 0;

	return is_at_hand ? view : NULL;
}

static uint64_t late_last_seat(struct store *store)
{
	return store_last_seat(late_of(store)->other);
}

/* store_answered_cb of the other store: passes copies on. */
static void on_other_answered(void *argument, const struct store_answer *answer)
{
	const struct late_job *job = argument;
	struct store_view view = *answer->view;
	struct store_answer late = *answer;
	struct copies users, beside;

	copy_users(&users, answer->users, answer->count);
	copy_users(&beside, answer->beside, answer->beside != NULL ? 1 : 0);
	late.view = &view;
	late.users = users.users;
	late.beside = answer->beside != NULL ? beside.users : NULL;
	job->answered(job->argument, &late);
	spoil_users(&users);
	spoil_users(&beside);
	memset(&view, 0xa5, sizeof(view));
}

static struct store_job *late_ask(struct store *store, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	struct late_store *late = late_of(store);
	struct late_job now = {.answered = answered, .argument = argument};

	if (!late->is_held && throw_dice(late, 4) == 0) {
		assert_null(store_ask(late->other, question, on_other_answered, &now));
		return NULL;
	}
	struct late_job *job = add_job(late, LATE_QUESTION, argument);
	job->answered = answered;
	job->question = *question;
	make_due(job);
	return (struct store_job *)job;
}

static void take_created(struct late_job *job, enum result result, const struct user *user)
{
	bool is_doubtful = job->late->is_doubtful && result == RESULT_OK;

	job->result = is_doubtful ? RESULT_UNKNOWN : result;
	job->create = NULL;
	if (is_doubtful)
		user = NULL;
	if (user != NULL)
		copy_users(&job->user, user, 1);
	make_due(job);
}

/* store_outcome_cb of the other store */
static void on_other_created(void *argument, enum result result, const struct user *user)
{
	take_created(argument, result, user);
}

static enum result late_create(struct store *store, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **given, struct user *holder)
{
	struct late_store *late = late_of(store);
	struct late_job *job = add_job(late, LATE_CREATE, argument);

	job->created = created;
	enum result result =
		store_create(late->other, username, on_other_created, job, &job->create, holder);
	if ((result == RESULT_TAKEN || result == RESULT_ALIKE) && throw_dice(late, 2) == 0)
		take_created(job, result, holder);
	else if (result != RESULT_OK) {
		free_job(job);
		return result;
	}
	*given = (struct store_job *)job;
	return RESULT_OK;
}

static enum result late_remove(struct store *store, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **given)
{
	struct late_job *job = add_job(late_of(store), LATE_CREATE, argument);

	job->created = removed;
	enum result result =
		store_remove(job->late->other, number, on_other_created, job, &job->create);
	if (result == RESULT_MISSING && throw_dice(job->late, 2) == 0)
		take_created(job, result, NULL);
	else if (result != RESULT_OK) {
		free_job(job);
		return result;
	}
	*given = (struct store_job *)job;
	return RESULT_OK;
}

static enum result late_rename(struct store *store, uint64_t number,
	const struct username *username, store_outcome_cb *renamed, void *argument,
	struct store_job **given, struct user *holder)
{
	struct late_job *job = add_job(late_of(store), LATE_CREATE, argument);

	job->created = renamed;
	enum result result = store_rename(
		job->late->other, number, username, on_other_created, job, &job->create, holder);
	bool has_holder = result == RESULT_TAKEN || result == RESULT_ALIKE;
	if ((has_holder || result == RESULT_MISSING) && throw_dice(job->late, 2) == 0)
		take_created(job, result, has_holder ? holder : NULL);
	else if (result != RESULT_OK) {
		free_job(job);
		return result;
	}
	*given = (struct store_job *)job;
	return RESULT_OK;
}

static enum result late_set_sheet(struct store *store, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **given)
{
	struct late_job *job = add_job(late_of(store), LATE_CREATE, argument);

	job->created = set;
	enum result result =
		store_set_sheet(job->late->other, changes, on_other_created, job, &job->create);
	if (result != RESULT_OK) {
		free_job(job);
		return result;
	}
	*given = (struct store_job *)job;
	return RESULT_OK;
}

static const struct sheet_settings *late_sheet_settings(struct store *store)
{
	return store_sheet_settings(late_of(store)->other);
}

static void late_watch_sheet(struct store *store, store_sheet_cb *changed, void *argument)
{
	store_watch_sheet(late_of(store)->other, changed, argument);
}

static void late_cancel(struct store *store, struct store_job *given)
{
	struct late_store *late = late_of(store);
	struct late_job *job;

	LIST_FOREACH (job, &late->jobs, next) {
		if (job != (struct late_job *)given)
			continue;
		assert_int_not_equal(job->turns, OVER);
		if (job->create != NULL)
			store_cancel(late->other, job->create);
		free_job(job);
		return;
	}
	fail_msg("a job was cancelled that is not under way");
}

static void finish_job(struct late_job *job)
{
	if (job->kind == LATE_QUESTION)
		assert_null(store_ask(job->late->other, &job->question, on_other_answered, job));
	else
		job->created(job->argument, job->result, job->user.users);
	free_job(job);
}

/* One that is due. A callback may have taken any off the list, so each search begins anew. */
static struct late_job *find_due(const struct late_store *late)
{
	struct late_job *job;

	LIST_FOREACH (job, &late->jobs, next) {
		if (job->turns == DUE)
			return job;
	}
	return NULL;
}

static bool is_counting(const struct late_store *late)
{
	const struct late_job *job;

	LIST_FOREACH (job, &late->jobs, next) {
		if (job->turns != ELSEWHERE)
			return true;
	}
	return late->changed_turns > 0;
}

/* uv_idle_cb. What a callback adds is due in a later turn: after all that were due in this one. */
static void on_late_turn(uv_idle_t *turn)
{
	struct late_store *late = turn->data;
	struct late_job *job;

	while ((job = find_due(late)) != NULL) {
		job->turns = OVER;
		finish_job(job);
	}
	LIST_FOREACH (job, &late->jobs, next)
		job->turns -= job->turns > DUE ? 1 : 0;
	if (late->changed_turns > 0 && --late->changed_turns == 0 && late->changed != NULL)
		late->changed(late->changed_argument);
	if (!is_counting(late))
		uv_idle_stop(turn);
}

static enum result late_ready(const struct store *store, const char **reason)
{
	return store_ready(((const struct late_store *)store)->other, reason);
}

/* store_changed_cb of the other store */
static void on_other_changed(void *argument)
{
	struct late_store *late = argument;

	if (late->changed_turns == 0)
		late->changed_turns = 1 + throw_dice(late, MOST_TURNS);
	count_down(late);
}

static bool late_newer(struct store *store, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	struct late_store *late = late_of(store);

	if (!late->is_held && throw_dice(late, 2) == 0)
		return store_newer(late->other, position, users, most, news);
	on_other_changed(late);
	return false;
}

static enum result late_changes(struct store *store, uint64_t after, struct store_change *changes,
	size_t most, struct store_news *news)
{
	struct late_store *late = late_of(store);

	if (!late->is_held && throw_dice(late, 2) == 0)
		return store_changes(late->other, after, changes, most, news);
	on_other_changed(late);
	return RESULT_BUSY;
}

static void late_watch(struct store *store, store_changed_cb *changed, void *argument)
{
	struct late_store *late = late_of(store);

	late->changed = changed;
	late->changed_argument = argument;
	store_watch(late->other, changed != NULL ? on_other_changed : NULL, late);
}

static void late_set_limits(struct store *store, const struct store_limits *limits)
{
	store_set_limits(late_of(store)->other, limits);
}

static void late_renew_revision(struct store *store, uint64_t pages)
{
	store_renew_revision(late_of(store)->other, pages);
}

static void late_stop(struct store *store)
{
	struct late_store *late = late_of(store);

	assert_int_equal(late->count, 0);
	store_watch(late->other, NULL, NULL);
	uv_close((uv_handle_t *)&late->turn, NULL);
}

static void late_close(struct store *store)
{
	free(late_of(store));
}

struct store *late_store_open(struct store *other, uv_loop_t *loop, uint64_t seed)
{
	struct late_store *late = memory_zeroed(sizeof(*late));

	late->store.kind = &late_kind;
	late->other = other;
	late->dice = seed;
	LIST_INIT(&late->jobs);
	uv_idle_init(loop, &late->turn);
	late->turn.data = late;
	return &late->store;
}

void late_store_hold(struct store *store, bool is_held)
{
	struct late_store *late = late_of(store);

	late->is_held = is_held;
	if (is_held)
		uv_idle_stop(&late->turn);
	else
		count_down(late);
}

void late_store_doubt(struct store *store)
{
	late_of(store)->is_doubtful = true;
}

size_t late_store_jobs(const struct store *store)
{
	return ((const struct late_store *)store)->count;
}

static const struct store_kind late_kind = {
	.view = late_view,
	.last_seat = late_last_seat,
	.ask = late_ask,
	.create = late_create,
	.remove = late_remove,
	.rename = late_rename,
	.set_sheet = late_set_sheet,
	.sheet_settings = late_sheet_settings,
	.watch_sheet = late_watch_sheet,
	.cancel = late_cancel,
	.ready = late_ready,
	.newer = late_newer,
	.changes = late_changes,
	.watch = late_watch,
	.set_limits = late_set_limits,
	.renew_revision = late_renew_revision,
	.stop = late_stop,
	.close = late_close,
};
