#ifndef ROLLCALL_STORE_STORE_KIND_H
#define ROLLCALL_STORE_STORE_KIND_H

#include "store/store.h"

/* How a kind of store does what store.h says: one table for each kind, of functions with the same
 * contracts. A store of a kind begins with a struct store; what it gives out as a struct store_job
 * is for itself alone to know. */
struct store_kind {
	bool is_shared; /* as store_is_shared() */
	const struct store_view *(*view)(struct store *store, uint64_t least);
	uint64_t (*last_seat)(struct store *store);
	struct store_job *(*ask)(struct store *store, const struct store_question *question,
		store_answered_cb *answered, void *argument);
	enum result (*create)(struct store *store, const struct username *username,
		store_outcome_cb *created, void *argument, struct store_job **job,
		struct user *holder);
	enum result (*remove)(struct store *store, uint64_t number, store_outcome_cb *removed,
		void *argument, struct store_job **job);
	enum result (*rename)(struct store *store, uint64_t number, const struct username *username,
		store_outcome_cb *renamed, void *argument, struct store_job **job,
		struct user *holder);
	enum result (*set_sheet)(struct store *store, const struct sheet_settings *changes,
		store_outcome_cb *set, void *argument, struct store_job **job);
	const struct sheet_settings *(*sheet_settings)(struct store *store);
	/* NULL, all four: it has no imports. */
	enum result (*import_begin)(struct store *store, struct store_import **import);
	enum result (*import_add)(struct store_import *import, const struct username *username,
		int64_t created, struct user *holder);
	enum result (*import_commit)(
		struct store_import *import, store_outcome_cb *done, void *argument);
	void (*import_abandon)(struct store_import *import);
	void (*watch_sheet)(struct store *store, store_sheet_cb *changed, void *argument);
	void (*cancel)(struct store *store, struct store_job *job);
	enum result (*ready)(const struct store *store, const char **reason);
	bool (*newer)(struct store *store, uint64_t position, struct user *users, size_t most,
		struct store_news *news);
	enum result (*changes)(struct store *store, uint64_t after, struct store_change *changes,
		size_t most, struct store_news *news);
	void (*watch)(struct store *store, store_changed_cb *changed, void *argument);
	void (*set_limits)(struct store *store, const struct store_limits *limits);
	void (*renew_revision)(struct store *store, uint64_t pages);
	void (*stop)(struct store *store);
	void (*close)(struct store *store);
};

struct store {
	const struct store_kind *kind;
};

/* So does an import. */
struct store_import {
	struct store *store;
};

#endif
