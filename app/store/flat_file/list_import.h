#ifndef ROLLCALL_STORE_FLAT_FILE_LIST_IMPORT_H
#define ROLLCALL_STORE_FLAT_FILE_LIST_IMPORT_H

#include "store/flat_file/group_commit.h"
#include "store/index/lookalikes.h"
#include "store/index/user_index.h"
#include "store/store.h"

/*
 * An import while the store is in use (store_import_begin()). Its users are collected beside the
 * list, and checked against it and each other. The file gets all of them in one step, and then the
 * list does, in parts, so that no request waits for all of them. Loop thread only.
 */

struct list_import;

/* What an import works with; all of it stays the caller's. */
struct list_import_settings {
	struct store *store;
	struct user_index *users;
	struct lookalikes *lookalikes;
	struct group_commit *commit;
	struct journal *journal;
	const uint64_t *most; /* users that there may be */

	/* Some users of it are in the list. */
	void (*on_part)(void *argument);
	/* It is over, all of them are in the list or none, and the struct is about to be freed. */
	void (*on_over)(void *argument);
	void *argument;
};

struct list_import *list_import_open(const struct list_import_settings *settings);

/* As store.h has it. */
struct store_import *list_import_store_import(struct list_import *import);

/* For struct store_kind. */
enum result list_import_add(struct store_import *import, const struct username *username,
	int64_t created, struct user *holder) MUST_CHECK;
enum result list_import_commit(
	struct store_import *import, store_outcome_cb *done, void *argument) MUST_CHECK;
void list_import_abandon(struct store_import *import);

/* A user has that name from now on: the import fails if one of its users has it, too. */
void list_import_note(struct list_import *import, const struct user *user);

/* How many users the list is still to get from an import that is committed. NULL: none. */
uint64_t list_import_coming(const struct list_import *import);

/* For a store that is closed. Nothing of it may be with the worker. NULL is fine. */
void list_import_close(struct list_import *import);

#endif
