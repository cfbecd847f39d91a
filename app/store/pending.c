/*
 * The queue has the first create for each name, and a first one has those that wait for its
 * outcome. A table of buckets finds the first for a name: until it is told, since a name that is on
 * its way to the disk is not in the store yet, and must not be stored twice.
 *
 * A first create that was taken cannot be taken back: cancelled, it loses its callback and goes on.
 */
#include "store/pending.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

#define BUCKETS 1024

struct pending {
	struct pending_batch queue; /* firsts that are not taken yet */
	size_t count;
	size_t names; /* firsts among them */
	LIST_HEAD(bucket, pending_create) buckets[BUCKETS];
};

struct pending *pending_open(void)
{
	struct pending *pending = memory_zeroed(sizeof(*pending));

	TAILQ_INIT(&pending->queue); /* lists begin as zeros */
	return pending;
}

void pending_close(struct pending *pending)
{
	free(pending);
}

size_t pending_count(const struct pending *pending)
{
	return pending->count;
}

size_t pending_names(const struct pending *pending)
{
	return pending->names;
}

static struct bucket *bucket_of(struct pending *pending, const char *key, size_t key_length)
{
	return &pending->buckets[XXH3_64bits(key, key_length) % BUCKETS];
}

/* The first in a bucket for the name with this key, or NULL. */
static struct pending_create *find_first(
	const struct bucket *bucket, const char *key, size_t key_length)
{
	struct pending_create *first;

	LIST_FOREACH (first, bucket, bucket) {
		if (first->key_length == key_length && memcmp(first->key, key, key_length) == 0)
			return first;
	}
	return NULL;
}

/* A name that is settled is in the bucket until it is told. */
bool pending_has(struct pending *pending, const struct username *username)
{
	const struct bucket *bucket = bucket_of(pending, username->key, username->key_length);

	return find_first(bucket, username->key, username->key_length) != NULL;
}

/* With no more room than the name needs: there are as many of these as requests that wait. */
static struct pending_create *copy_username(const struct username *username)
{
	struct pending_create *create =
		memory_resized(NULL, 1, sizeof(*create) + username->length + username->key_length);
	char *key = create->bytes + username->length;

	*create = (struct pending_create){.name = create->bytes,
		.name_length = username->length,
		.key = key,
		.key_length = username->key_length};
	memcpy(create->bytes, username->text, username->length);
	memcpy(key, username->key, username->key_length);
	TAILQ_INIT(&create->waiting);
	return create;
}

struct pending_create *pending_add(struct pending *pending, const struct username *username,
	store_created_cb *created, void *argument)
{
	struct pending_create *create = copy_username(username);
	struct bucket *bucket = bucket_of(pending, create->key, create->key_length);

	create->created = created;
	create->argument = argument;
	create->first = find_first(bucket, create->key, create->key_length);
	pending->count++;
	if (create->first != NULL) {
		TAILQ_INSERT_TAIL(&create->first->waiting, create, next);
		return create;
	}
	pending->names++;
	LIST_INSERT_HEAD(bucket, create, bucket);
	TAILQ_INSERT_TAIL(&pending->queue, create, next);
	return create;
}

static void settle(struct pending *pending, struct pending_create *create)
{
	if (create->state != PENDING_SETTLED) {
		pending->count--;
		pending->names -= create->first == NULL;
	}
	create->state = PENDING_SETTLED;
}

static void forget(struct pending *pending, struct pending_create *create)
{
	settle(pending, create);
	free(create);
}

/* Puts `heir`, the next that waits for `create`, in its place: in the queue as in its bucket. */
static void put_in_place(struct pending_create *create, struct pending_create *heir)
{
	struct pending_create *other;

	TAILQ_REMOVE(&create->waiting, heir, next);
	TAILQ_CONCAT(&heir->waiting, &create->waiting, next);
	TAILQ_FOREACH (other, &heir->waiting, next)
		other->first = heir;
	heir->first = NULL;
	TAILQ_INSERT_BEFORE(create, heir, next);
	LIST_INSERT_BEFORE(create, heir, bucket);
}

void pending_cancel(struct pending *pending, struct pending_create *create)
{
	struct pending_create *heir = TAILQ_FIRST(&create->waiting);

	if (create->first == NULL && create->state != PENDING_WAITING) {
		create->created = NULL;
		return;
	}
	if (create->first != NULL) {
		TAILQ_REMOVE(&create->first->waiting, create, next);
	} else {
		if (heir != NULL) {
			put_in_place(create, heir);
			pending->names++;
		}
		TAILQ_REMOVE(&pending->queue, create, next);
		LIST_REMOVE(create, bucket);
	}
	forget(pending, create);
}

void pending_take(struct pending *pending, struct pending_batch *batch)
{
	struct pending_create *create;

	TAILQ_FOREACH (create, &pending->queue, next)
		create->state = PENDING_TAKEN;
	TAILQ_CONCAT(batch, &pending->queue, next);
}

void pending_settle(struct pending *pending, const struct pending_batch *batch)
{
	struct pending_create *create, *other;

	TAILQ_FOREACH (create, batch, next) {
		settle(pending, create);
		TAILQ_FOREACH (other, &create->waiting, next)
			settle(pending, other);
	}
}

struct user pending_user(const struct pending_create *create)
{
	return (struct user){.number = create->number,
		.created = create->time,
		.name = create->name,
		.name_length = create->name_length};
}

static void tell_create(struct pending_create *create, enum result result, const struct user *user)
{
	if (create->created != NULL)
		create->created(create->argument, result, user);
}

/* A callback may cancel others, but only those that still wait: each is taken off before it is
 * told.
 */
void pending_finish(struct pending *pending, struct pending_create *create, enum result result,
	const struct user *user)
{
	struct pending_create *other;

	LIST_REMOVE(create, bucket);
	tell_create(create, result, user);
	while ((other = TAILQ_FIRST(&create->waiting)) != NULL) {
		TAILQ_REMOVE(&create->waiting, other, next);
		tell_create(other, result == RESULT_OK ? RESULT_TAKEN : result, user);
		forget(pending, other);
	}
	forget(pending, create);
}
