/*
 * A store is asked through the table of its kind. Nothing else happens here: what is common to all
 * kinds but not part of the contract (pending.h) is for each kind to use.
 */
#include "store/store.h"

#include <stddef.h>

#include "store/store_kind.h"

const struct store_view *store_view(struct store *store, uint64_t least)
{
	return store->kind->view(store, least);
}

bool store_is_shared(const struct store *store)
{
	return store->kind->is_shared;
}

uint64_t store_last_seat(struct store *store)
{
	return store->kind->last_seat(store);
}

struct store_job *store_ask(struct store *store, const struct store_question *question,
	store_answered_cb *answered, void *argument)
{
	return store->kind->ask(store, question, answered, argument);
}

enum result store_create(struct store *store, const struct username *username,
	store_outcome_cb *created, void *argument, struct store_job **job, struct user *holder)
{
	return store->kind->create(store, username, created, argument, job, holder);
}

enum result store_remove(struct store *store, uint64_t number, store_outcome_cb *removed,
	void *argument, struct store_job **job)
{
	return store->kind->remove(store, number, removed, argument, job);
}

enum result store_rename(struct store *store, uint64_t number, const struct username *username,
	store_outcome_cb *renamed, void *argument, struct store_job **job, struct user *holder)
{
	return store->kind->rename(store, number, username, renamed, argument, job, holder);
}

enum result store_set_sheet(struct store *store, const struct sheet_settings *changes,
	store_outcome_cb *set, void *argument, struct store_job **job)
{
	return store->kind->set_sheet(store, changes, set, argument, job);
}

const struct sheet_settings *store_sheet_settings(struct store *store)
{
	return store->kind->sheet_settings(store);
}

enum result store_import_begin(struct store *store, struct store_import **import)
{
	if (store->kind->import_begin == NULL)
		return RESULT_MISSING;
	return store->kind->import_begin(store, import);
}

enum result store_import_add(struct store_import *import, const struct username *username,
	int64_t created, struct user *holder)
{
	return import->store->kind->import_add(import, username, created, holder);
}

enum result store_import_commit(struct store_import *import, store_outcome_cb *done, void *argument)
{
	return import->store->kind->import_commit(import, done, argument);
}

void store_import_abandon(struct store_import *import)
{
	import->store->kind->import_abandon(import);
}

void store_watch_sheet(struct store *store, store_sheet_cb *changed, void *argument)
{
	store->kind->watch_sheet(store, changed, argument);
}

void store_cancel(struct store *store, struct store_job *job)
{
	store->kind->cancel(store, job);
}

enum result store_ready(const struct store *store, const char **reason)
{
	return store->kind->ready(store, reason);
}

bool store_newer(struct store *store, uint64_t position, struct user *users, size_t most,
	struct store_news *news)
{
	return store->kind->newer(store, position, users, most, news);
}

enum result store_changes(struct store *store, uint64_t after, struct store_change *changes,
	size_t most, struct store_news *news)
{
	return store->kind->changes(store, after, changes, most, news);
}

void store_watch(struct store *store, store_changed_cb *changed, void *argument)
{
	store->kind->watch(store, changed, argument);
}

void store_set_limits(struct store *store, const struct store_limits *limits)
{
	store->kind->set_limits(store, limits);
}

void store_renew_revision(struct store *store, uint64_t pages)
{
	store->kind->renew_revision(store, pages);
}

void store_stop(struct store *store)
{
	store->kind->stop(store);
}

void store_close(struct store *store)
{
	if (store != NULL)
		store->kind->close(store);
}
