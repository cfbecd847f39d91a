#ifndef ROLLCALL_STORE_PENDING_H
#define ROLLCALL_STORE_PENDING_H

#include <stddef.h>

#include "store/names/username.h"
#include "store/store.h"

/*
 * The creates that are under way, found by name. The first for a name is the one that is stored;
 * later ones for the same name wait for what becomes of it.
 */
struct pending;

struct store_create {
	const char *name; /* this and the key are in `bytes` */
	size_t name_length;
	const char *key;
	size_t key_length;
	uint64_t number; /* given when it is handed to the disk */
	int64_t time;
	struct store_create *next; /* in the queue, then in the batch */

	/* The rest is for pending.c. */
	store_created *created; /* NULL once cancelled */
	void *argument;
	struct store_create *first;   /* whom it waits for, or NULL if it is the first itself */
	struct store_create *waiting; /* who waits for it, in order */
	struct store_create *bucket;  /* the next with the same hash */
	bool is_taken;                /* on its way to the disk */
	char bytes[];
};

struct pending *pending_open(void);

/* Nothing may be under way. */
void pending_close(struct pending *pending);

/* Creates under way, those that wait for others among them. */
size_t pending_count(const struct pending *pending);

struct store_create *pending_add(struct pending *pending, const struct username *username,
	store_created *created, void *argument);

/* Never calls back after this. The next who waits for the name takes the place of one that was not
 * taken yet. */
void pending_cancel(struct pending *pending, struct store_create *create);

/* Takes the whole queue, oldest first, linked by `next`; NULL if it is empty. */
struct store_create *pending_take(struct pending *pending);

/* Tells whoever asked, and whoever waited, how it ended, and frees them. */
void pending_finish(struct pending *pending, struct store_create *create, enum result result,
	const struct user *user);

#endif
