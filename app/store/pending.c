#include "store/pending.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

#define BUCKETS 1024

struct pending {
	struct store_create *head; /* the queue: firsts that are not taken yet */
	struct store_create **tail;
	size_t count;
	struct store_create *buckets[BUCKETS];
};

struct pending *pending_open(void)
{
	struct pending *pending = memory_zeroed(sizeof(*pending));

	pending->tail = &pending->head;
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

static struct store_create **bucket_of(struct pending *pending, const struct store_create *create)
{
	return &pending->buckets[XXH3_64bits(create->key, create->key_length) % BUCKETS];
}

static bool is_same(const struct store_create *a, const struct store_create *b)
{
	return a->key_length == b->key_length && memcmp(a->key, b->key, a->key_length) == 0;
}

/* The first in a bucket with the name that `create` is for. */
static struct store_create *find(struct store_create *bucket, const struct store_create *create)
{
	while (bucket != NULL && !is_same(bucket, create))
		bucket = bucket->bucket;
	return bucket;
}

/* The link that points at `create`, in a list that goes on through the member at `link_offset`. */
static struct store_create **link_to(
	struct store_create **link, const struct store_create *create, size_t link_offset)
{
	while (*link != create)
		link = (struct store_create **)((char *)*link + link_offset);
	return link;
}

#define LINK_TO(list, create, member)                                                              \
	link_to((list), (create), offsetof(struct store_create, member))

/* With no more room than the name needs: there are as many of these as requests that wait. */
static struct store_create *copy(const struct username *username)
{
	struct store_create *create =
		memory_resized(NULL, 1, sizeof(*create) + username->length + username->key_length);
	char *key = create->bytes + username->length;

	*create = (struct store_create){.name = create->bytes,
		.name_length = username->length,
		.key = key,
		.key_length = username->key_length};
	memcpy(create->bytes, username->text, username->length);
	memcpy(key, username->key, username->key_length);
	return create;
}

struct store_create *pending_add(struct pending *pending, const struct username *username,
	store_created *created, void *argument)
{
	struct store_create *create = copy(username);
	struct store_create **bucket = bucket_of(pending, create);

	create->created = created;
	create->argument = argument;
	create->first = find(*bucket, create);
	pending->count++;
	if (create->first != NULL) {
		*LINK_TO(&create->first->waiting, NULL, next) = create;
		return create;
	}
	create->bucket = *bucket;
	*bucket = create;
	*pending->tail = create;
	pending->tail = &create->next;
	return create;
}

static void forget(struct pending *pending, struct store_create *create)
{
	pending->count--;
	free(create);
}

/* Puts the first of those who wait in the place of `create`, in the queue as in its bucket. */
static void succeed(struct pending *pending, struct store_create *create)
{
	struct store_create *heir = create->waiting;
	struct store_create **queue = LINK_TO(&pending->head, create, next);
	struct store_create **bucket = LINK_TO(bucket_of(pending, create), create, bucket);

	if (heir == NULL) {
		*queue = create->next;
		*bucket = create->bucket;
		if (pending->tail == &create->next)
			pending->tail = queue;
		return;
	}
	heir->waiting = heir->next;
	for (struct store_create *other = heir->waiting; other != NULL; other = other->next)
		other->first = heir;
	heir->first = NULL;
	heir->next = create->next;
	heir->bucket = create->bucket;
	*queue = heir;
	*bucket = heir;
	if (pending->tail == &create->next)
		pending->tail = &heir->next;
}

void pending_cancel(struct pending *pending, struct store_create *create)
{
	if (create->is_taken) {
		create->created = NULL;
		return;
	}
	if (create->first != NULL)
		*LINK_TO(&create->first->waiting, create, next) = create->next;
	else
		succeed(pending, create);
	forget(pending, create);
}

struct store_create *pending_take(struct pending *pending)
{
	struct store_create *batch = pending->head;

	for (struct store_create *create = batch; create != NULL; create = create->next)
		create->is_taken = true;
	pending->head = NULL;
	pending->tail = &pending->head;
	return batch;
}

static void tell(struct store_create *create, enum result result, const struct user *user)
{
	if (create->created != NULL)
		create->created(create->argument, result, user);
}

void pending_finish(struct pending *pending, struct store_create *create, enum result result,
	const struct user *user)
{
	struct store_create **bucket = LINK_TO(bucket_of(pending, create), create, bucket);

	*bucket = create->bucket;
	tell(create, result, user);
	/* A callback may cancel others, but only those that still wait: each is taken off before it
	 * is told. */
	while (create->waiting != NULL) {
		struct store_create *other = create->waiting;
		create->waiting = other->next;
		tell(other, result == RESULT_OK ? RESULT_TAKEN : result, user);
		forget(pending, other);
	}
	forget(pending, create);
}
