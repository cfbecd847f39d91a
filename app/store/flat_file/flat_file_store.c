/*
 * The store in a flat file: the journal is the truth, the index is what of it is in memory, and
 * group_commit carries users from requests to the journal. This file ties the three together, and
 * knows whether users can be stored now and, if not, why.
 */
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/limit.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "store/flat_file/flat_file_store.h"
#include "store/flat_file/group_commit.h"
#include "store/flat_file/journal.h"
#include "store/flat_file/replay.h"
#include "store/index/name_search.h"
#include "store/index/user_index.h"
#include "store/index/user_page.h"

struct store {
	struct log *log;
	struct journal *journal;
	struct user_index *users;
	struct group_commit *commit;
	uint64_t max_users;
	uint64_t boot; /* tells this run of the program from others */
	char revision[STORE_REVISION_SIZE];
	void (*changed)(void *argument);
	void *changed_argument;
	enum result state; /* RESULT_OK, RESULT_FULL, RESULT_UNAVAILABLE */
	char reason[STORE_REASON_SIZE];
	bool is_to_mend; /* what opening found is not put right yet */
};

static group_commit_outcome_cb on_outcome;
static group_commit_stored_cb on_stored;
static group_commit_told_cb on_told;

static void revise(struct store *store)
{
	snprintf(store->revision, sizeof(store->revision), "%" PRIx64 "-%" PRIx64, store->boot,
		group_commit_next_number(store->commit));
}

/* replay_clash */
static void report_clash(void *argument, const struct user *user, const struct user *holder)
{
	struct store *store = argument;

	log_event(store->log, LOG_WARN, "same-name", LOG_NUMBER("number", user->number),
		LOG_NUMBER("other", holder->number));
}

static void take_state(struct store *store, enum result state, const char *reason)
{
	if (state == store->state && (state == RESULT_OK || strcmp(reason, store->reason) == 0))
		return;
	store->state = state;
	snprintf(store->reason, sizeof(store->reason), "%s", state == RESULT_OK ? "" : reason);
	if (state == RESULT_OK)
		log_event(store->log, LOG_INFO, "store-ready");
	else
		log_event(store->log, LOG_ERROR,
			state == RESULT_FULL ? "store-full" : "store-failed",
			LOG_TEXT("reason", reason));
}

/* Not while the worker has the journal. */
static void report_mending(struct store *store)
{
	const struct mending *mending = journal_mending(store->journal);

	store->is_to_mend = mending_is_due(mending);
	if (store->is_to_mend)
		return;
	if (mending->is_written_anew)
		log_event(store->log, LOG_WARN, "unclean-end", LOG_TEXT("action", "written anew"));
	if (mending->was_unended)
		log_event(store->log, LOG_WARN, "line-feed-missing",
			LOG_TEXT("action", "written anew"));
	if (mending->torn_bytes > 0)
		log_event(store->log, LOG_WARN, "torn-tail",
			LOG_NUMBER("bytes", (uint64_t)mending->torn_bytes),
			LOG_TEXT("saved", mending->torn_copy));
}

static void report_opening(struct store *store, const struct journal_report *report)
{
	report_mending(store);
	if (store->is_to_mend)
		take_state(store, RESULT_UNAVAILABLE, report->reason);
	if (strcmp(report->header.unicode, username_unicode_version()) != 0)
		log_event(store->log, LOG_INFO, "unicode-tables",
			LOG_TEXT("file", report->header.unicode),
			LOG_TEXT("program", username_unicode_version()));
}

/* Reads the users into the index of `store`, and what the next user's number is. */
static enum result read_users(struct store *store, const struct store_settings *settings,
	uint64_t *next_number, char reason[static STORE_REASON_SIZE])
{
	struct replay replay;
	struct journal_report report;

	replay_open(&replay, report_clash, store);
	store->users = replay.users;
	user_index_keep_order(store->users);
	enum result result = journal_open(settings->vfs, settings->directory, settings->lock_wait,
		settings->makes_list, replay_record, &replay, &store->journal, &report);
	if (result != RESULT_OK) {
		snprintf(reason, STORE_REASON_SIZE, "%s", report.reason);
		return result;
	}
	replay_settle(&replay, &report.header);
	*next_number = replay.next_number;
	report_opening(store, &report);
	return RESULT_OK;
}

enum result store_open(const struct store_settings *settings, struct store **opened,
	char reason[static STORE_REASON_SIZE])
{
	struct store *store = memory_zeroed(sizeof(*store));
	uint64_t next_number;

	store->log = settings->log;
	store->max_users = settings->max_users;
	/* The clock could be set back; it only stands in where there are no random bytes yet. */
	if (getrandom(&store->boot, sizeof(store->boot), GRND_NONBLOCK) !=
		(ssize_t)sizeof(store->boot))
		store->boot = (uint64_t)timestamp_now();
	enum result result = read_users(store, settings, &next_number, reason);
	if (result != RESULT_OK) {
		int cause = errno;
		store_close(store);
		errno = cause;
		return result;
	}
	store->commit = group_commit_open(&(struct group_commit_settings){.loop = settings->loop,
		.journal = store->journal,
		.next_number = next_number,
		.on_outcome = on_outcome,
		.on_stored = on_stored,
		.on_told = on_told,
		.argument = store});
	revise(store);
	*opened = store;
	return RESULT_OK;
}

void store_set_max_users(struct store *store, uint64_t max_users)
{
	store->max_users = max_users;
}

void store_renew_revision(struct store *store)
{
	store->boot++;
	revise(store);
}

void store_stop(struct store *store)
{
	group_commit_stop(store->commit);
}

void store_close(struct store *store)
{
	const char *reason;

	if (store == NULL)
		return;
	/* The operator is told once more what the next start may not find. */
	if (store->journal != NULL && journal_check(store->journal, &reason) != RESULT_OK)
		log_event(store->log, LOG_ERROR, "store-closed", LOG_TEXT("reason", reason));
	journal_close(store->journal);
	user_index_close(store->users);
	group_commit_close(store->commit);
	free(store);
}

enum result store_create(struct store *store, const struct username *username,
	store_created *created, void *argument, struct store_create **create, struct user *holder)
{
	/* Not even whether the name is taken is certain before. */
	if (store->is_to_mend)
		return RESULT_UNAVAILABLE;
	if (user_index_find(store->users, username->key, username->key_length, holder))
		return RESULT_TAKEN;
	if (store->state == RESULT_UNAVAILABLE)
		return RESULT_UNAVAILABLE;
	size_t waiting = group_commit_count(store->commit);
	if (waiting >= LIMIT_PENDING ||
		user_index_count(store->users) + waiting >= store->max_users ||
		group_commit_next_number(store->commit) + waiting > LIMIT_PLACE)
		return RESULT_LIMIT;
	*create = group_commit_add(store->commit, username, created, argument);
	return RESULT_OK;
}

void store_cancel(struct store *store, struct store_create *create)
{
	group_commit_cancel(store->commit, create);
}

static void on_outcome(void *argument, enum result outcome, const char *reason)
{
	struct store *store = argument;

	if (store->is_to_mend)
		report_mending(store);
	take_state(store, outcome, reason);
}

static void on_stored(void *argument, const struct pending_batch *batch)
{
	struct store *store = argument;
	const struct store_create *create;

	TAILQ_FOREACH(create, batch, next)
	{
		const struct user user = pending_user(create);
		user_index_add(store->users, &user, create->key, create->key_length);
	}
	revise(store);
}

static void on_told(void *argument)
{
	const struct store *store = argument;

	if (store->changed != NULL)
		store->changed(store->changed_argument);
}

/* Why nobody else can be added to a store that is well, or NULL. */
static const char *find_limit(const struct store *store)
{
	if (user_index_count(store->users) >= store->max_users)
		return "there are as many users as there may be";
	if (group_commit_next_number(store->commit) > LIMIT_PLACE)
		return "the last number has been given to a user";
	return timestamp_now() > TIMESTAMP_LAST ? "the clock is past the year 9999" : NULL;
}

enum result store_ready(const struct store *store, const char **reason)
{
	if (store->state != RESULT_OK) {
		*reason = store->reason;
		return store->state;
	}
	*reason = find_limit(store);
	return *reason != NULL ? RESULT_LIMIT : RESULT_OK;
}

void store_watch(struct store *store, void (*changed)(void *argument), void *argument)
{
	store->changed = changed;
	store->changed_argument = argument;
}

uint64_t store_count(const struct store *store)
{
	return user_index_count(store->users);
}

const char *store_revision(const struct store *store)
{
	return store->revision;
}

bool store_user(const struct store *store, uint64_t number, struct user *user)
{
	return user_index_user(store->users, number, user);
}

struct store_page store_page(const struct store *store, enum store_from from, uint64_t number,
	struct user *users, size_t most)
{
	return user_page(store->users, from, number, users, most);
}

struct search_page store_search(
	const struct store *store, const struct search *search, struct user *users, size_t most)
{
	return name_search(store->users, search, users, most);
}
